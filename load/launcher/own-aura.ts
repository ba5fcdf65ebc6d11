import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Target } from './options.ts'

const root = join(import.meta.dirname, '../..')
/** ms until it must be up: the first start makes a database. */
const patience = 90_000

const settings = {
  AURA_SERVER_PORT: '0',
  AURA_METRICS_PORT: '0',
  // On loopback, and gone with the run.
  AURA_AUTH_MODE: 'none',
  AURA_PROMETHEUS_ENABLED: 'false',
  AURA_ALERTMANAGER_ENABLED: 'false',
  AURA_LOG_LEVEL: 'error',
}

/** Ends with the text once it matches; rejects when the program ends before, or time is up. */
async function said(child: ReturnType<typeof spawn>, pattern: RegExp): Promise<RegExpExecArray> {
  let text = ''
  return new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error(`Aura did not start in time:\n${text}`)), patience)
    const read = (more: Buffer): void => {
      text += more.toString()
      const found = pattern.exec(text)
      if (found === null) return
      clearTimeout(late)
      done(found)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('close', () => {
      clearTimeout(late)
      fail(new Error(`Aura ended at its start:\n${text}`))
    })
  })
}

/** Starts an Aura with nothing in it, as `npm start` does, on free ports of loopback; disposing stops it and leaves nothing. */
export async function startOwnAura(env: Readonly<Record<string, string>>): Promise<Target & AsyncDisposable> {
  const directory = mkdtempSync(join(tmpdir(), 'aura-load-'))
  // The account of the embedded PostgreSQL has to get in.
  chmodSync(directory, 0o755)
  const args = ['--max-semi-space-size=4', join(root, 'bin/aura.js'), 'start']
  // A group of its own: Ctrl-C is for k6, and Aura ends after it.
  const child = spawn(process.execPath, args, {
    cwd: directory,
    env: { ...env, ...settings, AURA_DATA_DIR: join(directory, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const ended = once(child, 'close')
  const dispose = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await ended
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    const [, url = '', metricsUrl = ''] = await said(child, /console +(http:\S+)[\s\S]*metrics +(http:\S+)\/metrics /)
    return { url: url.replace(/\/$/, ''), metricsUrl, acts: true, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}
