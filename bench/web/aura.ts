import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

export interface RunningDemo extends AsyncDisposable {
  /** Of the console. */
  readonly url: string
}

/** Builds the console and starts the demonstration, without Prometheus, on free ports in a directory of its own. */
export async function startDemo(): Promise<RunningDemo> {
  execFileSync(process.execPath, [join(root, 'bin/build-web.js')], { stdio: 'inherit' })
  const cwd = mkdtempSync(join(tmpdir(), 'aura-bench-web-'))
  const { PATH = '', HOME = '' } = process.env
  const ports = { AURA_SERVER_PORT: '0', AURA_METRICS_PORT: '0', AURA_AUTH_MODE: 'none' }
  const alone = { AURA_PROMETHEUS_ENABLED: 'false', AURA_ALERTMANAGER_ENABLED: 'false' }
  const child = spawn(process.execPath, [join(root, 'bin/aura.js'), 'demo', '--alone'], {
    cwd,
    env: { PATH, HOME, ...ports, ...alone },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(child, 'close')
  let output = ''
  child.stdout.setEncoding('utf8')
  for await (const text of child.stdout.iterator({ destroyOnReturn: false })) {
    output += String(text)
    if (/console +http.*ready/.test(output)) break
  }
  child.stdout.resume()
  const url = /console +(http:\S+)/.exec(output)?.[1]
  if (url === undefined) throw new Error(`the demonstration did not start:\n${output}`)
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
      rmSync(cwd, { recursive: true, force: true })
    },
  }
}
