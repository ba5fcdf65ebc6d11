import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { onExit } from './on-exit.ts'

/** A started program; `stop` ends it and waits for that. */
export interface Program {
  readonly pid: number
  /** performance.now() right before it was started. */
  readonly startedAt: number
  /** Resolves when it ends, to what it said on standard error. */
  readonly ended: Promise<string>
  stop(): Promise<void>
}

export interface StartOptions {
  readonly env?: Record<string, string>
  readonly cwd?: string
  readonly uid?: number
  readonly gid?: number
  readonly stopSignal?: NodeJS.Signals
}

const patience = 5000

/** Starts a program with only the given variables in its environment. The caller must stop it. */
export function makeProgram(path: string, args: readonly string[], options: StartOptions = {}): Program {
  const { stopSignal = 'SIGTERM', env = {}, ...rest } = options
  const startedAt = performance.now()
  const child = spawn(path, args, {
    env: { PATH: searchPath.join(':'), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...rest,
  })
  const kill = (): void => void child.kill('SIGKILL')
  const done = onExit(kill)
  const said = lastWords(child)
  const ended = once(child, 'exit').then(() => {
    done()
    return said()
  })
  const pid = child.pid
  if (pid === undefined) throw new Error(`${path} cannot be started`)
  return {
    pid,
    startedAt,
    ended,
    async stop() {
      child.kill(stopSignal)
      const timer = setTimeout(kill, patience)
      await ended
      clearTimeout(timer)
    },
  }
}

/** The end of what a child writes to standard error; read on so that it never blocks. */
function lastWords(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-2000)
  })
  return () => text.trim()
}

const searchPath = ['/usr/local/bin', '/usr/bin', '/bin', '/opt/homebrew/bin', '/usr/local/sbin', '/usr/sbin', '/sbin']

/** First of these programs that is installed. */
export function findProgram(...names: readonly string[]): string | undefined {
  return names.flatMap((name) => searchPath.map((folder) => `${folder}/${name}`)).find((path) => existsSync(path))
}

/** A port that nobody uses now. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))
