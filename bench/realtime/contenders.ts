import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { homedir } from 'node:os'
import { delimiter } from 'node:path'
import { findProgram } from '../../src/children/find-program.ts'
import { startChild } from './calls.ts'
import { nativeProgram, startNative, type Native } from './native.ts'
import type { Dialect } from './peer.ts'
import type { ContenderName } from './servers/server.ts'
import type { BenchTopic, Load } from './workload.ts'

export const labels: Record<ContenderName, string> = {
  ours: 'bridge',
  'ws-send': 'ws.send(buffer)',
  framed: 'framed socket.write',
  'socket.io': 'Socket.IO',
  bun: 'bun (uWS engine)',
  centrifugo: 'Centrifugo, fed over HTTP',
  floor: 'C loop of write',
}

export const dialects: Record<ContenderName, Dialect> = {
  ours: 'centrifuge',
  'ws-send': 'plain',
  framed: 'plain',
  'socket.io': 'socket.io',
  bun: 'plain',
  centrifugo: 'centrifuge',
  floor: 'plain',
}

export interface ServerReport {
  /** Seconds. */
  readonly cpu: number
  /** p99 of the event loop, ms; null where there is none. */
  readonly delay: number | null
  /** Bytes. */
  readonly rss: number
  /** Of each load since it was started. */
  readonly sent: readonly number[]
}

/** A contender's server, in a process of its own. */
export interface RunningServer {
  readonly pid: number
  readonly port: number
  start(loads: readonly Load[]): Promise<unknown>
  /** Number of the last message of the first topic. */
  stop(): Promise<number>
  begin(): Promise<readonly number[]>
  report(): Promise<ServerReport>
  /** Number of the last message of each topic. Only of those that run in Node, as the next. */
  numbers(): Promise<readonly number[]>
  /** What is open, and bytes of heap in use after a full collection. */
  books(): Promise<{ readonly resources: number; readonly heap: number }>
  end(): Promise<void>
}

const bunVersion = '1.4.5'
const cache = join(import.meta.dirname, '../../node_modules/.cache/aura-bench')
const searchPath = [process.env['PATH'] ?? '', join(homedir(), 'go/bin'), join(cache, 'node_modules/.bin')].join(
  delimiter,
)

/** Bun is 100 MB: not for everybody who runs `npm install`, but fetched once by whoever runs this benchmark. */
function findBun(): string | undefined {
  const found = findProgram(['bun'], searchPath)
  if (found !== undefined) return found
  console.error(`… bun is not on the PATH: fetching bun@${bunVersion} from npm, 100 MB, once, into ${cache}`)
  spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', cache, `bun@${bunVersion}`])
  return findProgram(['bun'], searchPath)
}

/** Ends a program with the process that started it, whatever ends that. */
export const findLauncher = (): string | undefined => findProgram(['setpriv'], searchPath)
export const findCentrifugo = (): string | undefined => findProgram(['centrifugo'], searchPath)

const programs = new Map<ContenderName, string | undefined>()
const finders: Partial<Record<ContenderName, () => string | undefined>> = {
  bun: findBun,
  centrifugo: () => (findLauncher() === undefined ? undefined : findCentrifugo()),
  floor: () => nativeProgram('floor'),
}

/** Those of the contenders that this machine has; says once which it lacks. */
export function present(names: readonly ContenderName[]): readonly ContenderName[] {
  return names.filter((name) => {
    const find = finders[name]
    if (find === undefined) return true
    if (!programs.has(name)) {
      programs.set(name, find())
      if (programs.get(name) === undefined)
        console.error(`… skipped: ${labels[name]} (${name === 'floor' ? 'no C compiler' : `${name} is not installed`})`)
    }
    return programs.get(name) !== undefined
  })
}

/** Starts a contender of `present`, on core 0. */
export async function startServer(
  name: ContenderName,
  topics: readonly BenchTopic[],
  port = 0,
): Promise<RunningServer> {
  if (name === 'floor') return startFloor(await startNative(programs.get('floor') ?? '', [], 0))
  const bun = name === 'bun' ? programs.get('bun') : undefined
  const child = await startChild('servers/main.ts', [name, JSON.stringify(topics), String(port)], 0, bun)
  return {
    pid: child.pid,
    port: await child.call<number>('port'),
    start: (loads) => child.call('start', loads),
    stop: () => child.call('stop'),
    begin: () => child.call('begin'),
    report: () => child.call('report'),
    numbers: () => child.call('numbers'),
    books: () => child.call('books'),
    end: child.stop,
  }
}

async function startFloor(native: Native): Promise<RunningServer> {
  const ask = async (line: string): Promise<number> => Number(await native.ask(line))
  let before = 0
  return {
    pid: native.pid,
    port: await ask('port'),
    async start([load]) {
      before = await ask('sent')
      await ask(`start ${load?.rate ?? 1} ${load?.bytes ?? 0}`)
    },
    async stop() {
      await ask('stop')
      return ask('sent')
    },
    begin: async () => [(await ask('begin')) - before],
    report: async () => ({
      cpu: (await ask('report')) / 1e6,
      delay: null,
      rss: NaN,
      sent: [(await ask('sent')) - before],
    }),
    numbers: async () => [await ask('sent')],
    books: async () => ({ resources: NaN, heap: NaN }),
    end: native.stop,
  }
}
