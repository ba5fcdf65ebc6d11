import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { findProgram } from '../../src/children/find-program.ts'

export const apiKey = 'key-of-the-api'
export const proxySecret = 'secret-of-the-proxy'

const shipped = join(import.meta.dirname, '../../centrifugo/config.json')

/** The program, from $PATH or ~/go/bin; says on the console what is skipped if it is not there. */
export function installedCentrifugo(what: string): string | undefined {
  const found = findProgram(['centrifugo'], [process.env['PATH'] ?? '', join(homedir(), 'go/bin')].join(delimiter))
  if (found === undefined) console.warn(`skipped: ${what} (centrifugo is not installed)`)
  return found
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export interface RunningCentrifugo extends AsyncDisposable {
  readonly url: string
  readonly websocket: string
  /** Ends it at once, as a crash would; with the memory engine its history goes too. */
  kill(): Promise<void>
  /** Stops it in its tracks and lets it go on. */
  freeze(): void
  thaw(): void
  start(): Promise<void>
  /** Asks its server API. */
  api(method: string, body: object): Promise<unknown>
  output(): string
}

/** The shipped configuration with everything at other ports, through the variables that override it. */
function environment(port: number, aura: string, origins: readonly string[]): Record<string, string> {
  const at = (name: string): string => `${aura}/api/centrifugo/${name}`
  return {
    CENTRIFUGO_HTTP_SERVER_PORT: String(port),
    CENTRIFUGO_HTTP_API_KEY: apiKey,
    CENTRIFUGO_VAR_AURA_PROXY_SECRET: proxySecret,
    CENTRIFUGO_CLIENT_ALLOWED_ORIGINS: origins.join(' '),
    CENTRIFUGO_CLIENT_PROXY_CONNECT_ENDPOINT: at('connect'),
    CENTRIFUGO_CLIENT_PROXY_REFRESH_ENDPOINT: at('refresh'),
    CENTRIFUGO_CHANNEL_PROXY_SUBSCRIBE_ENDPOINT: at('subscribe'),
    CENTRIFUGO_CHANNEL_PROXY_SUB_REFRESH_ENDPOINT: at('sub_refresh'),
    CENTRIFUGO_RPC_PROXY_ENDPOINT: at('rpc'),
  }
}

/** A real Centrifugo with the configuration that Aura ships, in front of the Aura at `aura`. */
export async function startCentrifugo(
  program: string,
  aura: string,
  { port: wanted, origins = [] }: { port?: number; origins?: readonly string[] } = {},
): Promise<RunningCentrifugo> {
  const port = wanted ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  let output = ''

  async function healthy(): Promise<boolean> {
    return fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    )
  }
  async function start(): Promise<void> {
    const env = { PATH: process.env['PATH'] ?? '', ...environment(port, aura, origins) }
    const started = spawn(program, ['-c', shipped], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    for (const stream of [started.stdout, started.stderr]) stream.on('data', (text: Buffer) => (output += String(text)))
    for (const end = Date.now() + 20_000; !(await healthy());) {
      if (started.exitCode !== null || Date.now() > end) throw new Error(`centrifugo does not start: ${output}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  async function kill(): Promise<void> {
    const ending = child
    child = undefined
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return
    const ended = once(ending, 'exit')
    ending.kill('SIGKILL')
    await ended
  }
  await start()
  return {
    url,
    websocket: `${url.replace('http', 'ws')}/connection/websocket`,
    kill,
    start,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async api(method, body) {
      const headers = { 'x-api-key': apiKey, 'content-type': 'application/json' }
      const answer = await fetch(`${url}/api/${method}`, { method: 'POST', headers, body: JSON.stringify(body) })
      return answer.json()
    },
    output: () => output,
    [Symbol.asyncDispose]: kill,
  }
}

/** What is shipped, for tests that compare. */
export const shippedConfig = (): string => readFileSync(shipped, 'utf8')
