import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { repository } from './places.ts'
import { findPrometheus, type Prometheus } from './prometheus.ts'

/** ms until it must be up: the first start makes a database. */
const patience = 90_000

const settings = {
  AURA_SERVER_PORT: '0',
  AURA_METRICS_PORT: '0',
  // On loopback, and gone with the preview.
  AURA_AUTH_MODE: 'none',
  AURA_ALERTMANAGER_ENABLED: 'false',
  AURA_LOG_LEVEL: 'error',
}

/** Address of the demonstration's Prometheus, as the table that its start ends with tells it. */
const told = /Prometheus +(http:\/\/127\.0\.0\.1:\d+)/

async function waitFor(text: () => string, ended: () => boolean): Promise<Prometheus> {
  const until = Date.now() + patience
  while (Date.now() < until && !ended()) {
    const [, url] = told.exec(text()) ?? []
    const found = url === undefined ? undefined : await findPrometheus(url)
    if (found !== undefined) return found
    await sleep(300)
  }
  throw new Error(`The demonstration has no Prometheus. Is the program \`prometheus\` installed?\n${text()}`)
}

/** Starts `aura demo` with a Prometheus, in a folder that is gone when it is disposed. */
export async function startDemo(
  env: Readonly<Record<string, string | undefined>>,
): Promise<AsyncDisposable & { readonly prometheus: Prometheus }> {
  const directory = mkdtempSync(join(tmpdir(), 'aura-preview-'))
  // The account of the embedded PostgreSQL has to get in.
  chmodSync(directory, 0o755)
  const child = spawn(process.execPath, [join(repository, 'bin/aura.js'), 'demo'], {
    cwd: directory,
    env: { ...env, ...settings, AURA_DATA_DIR: join(directory, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C ends the preview, which then ends it.
    detached: true,
  })
  let text = ''
  child.stdout.on('data', (more: Buffer) => (text += more.toString()))
  child.stderr.on('data', (more: Buffer) => (text += more.toString()))
  const closed = once(child, 'close')
  const dispose = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await closed
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    const prometheus = await waitFor(
      () => text,
      () => child.exitCode !== null,
    )
    return { prometheus, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}
