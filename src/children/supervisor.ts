import { setTimeout as sleep } from 'node:timers/promises'
import { createBackoff } from '../lib/backoff.ts'
import type { Logger } from '../lib/logger.ts'
import { describeExit, runChild, type Command, type RunningChild } from './run-child.ts'

/**
 * `absent`: not installed or switched off. `starting`: running, not ready yet. `ready`. `failed`: ended, and will be
 * started again. `foreign`: someone else's server is used instead. `stopped`: ended by us, or never started.
 */
export type ChildState = 'absent' | 'starting' | 'ready' | 'failed' | 'foreign' | 'stopped'

export interface ChildStatus {
  readonly state: ChildState
  /** Why it is absent, failed or foreign: one line for a person. */
  readonly reason?: string | undefined
  readonly pid?: number | undefined
  /** How often it was started again. */
  readonly restarts: number
}

export interface ChildSpec {
  readonly name: string
  /** What to run; asked before every start, so that a changed port or file is taken up. */
  command(): Command | Promise<Command>
  /** Whether it answers. Asked every `every` ms until it says yes. */
  readonly probe: { readonly every: number; check(pid: number, signal: AbortSignal): boolean | Promise<boolean> }
  /** Give up on a start that takes longer; 0 = never (a database may have much to recover). */
  readonly readyWithin: number
  /** A first start that fails is final: whoever called `start` decides what next, and nothing is logged about it. */
  readonly firstMustSucceed?: boolean
  /** Signals to stop it with, each followed by the time it is given. */
  readonly stopBy: readonly (readonly [NodeJS.Signals, number])[]
  onStart?(pid: number): void
  onLine?(line: string): void
  onStop?(): void
}

export interface Supervisor {
  readonly status: ChildStatus
  /** The last lines the child wrote, oldest first. */
  readonly tail: readonly string[]
  /** Starts and keeps it running. Resolves at the first success or failure; a failure goes on being retried. */
  start(): Promise<ChildStatus>
  /** Ends it and waits for its end. */
  stop(): Promise<void>
}

const steadyAfter = 60_000

/** The state of one child and what is said about it: one line per change, however often it fails the same way. */
function createBook(spec: ChildSpec, log: Logger) {
  const first = Promise.withResolvers<ChildStatus>()
  let status: ChildStatus = { state: 'stopped', restarts: 0 }
  let said = ''
  let wasReady = false
  const become = (change: Partial<ChildStatus>): void => {
    status = { ...status, reason: undefined, ...change }
    if (status.state !== 'starting') first.resolve(status)
  }
  return {
    first: first.promise,
    become,
    status: () => status,
    wasReady: () => wasReady,
    failed(reason: string, wait: number): void {
      const line = `${spec.name} ${reason}; starting it again`
      log[line === said ? 'debug' : 'warn']({ child: spec.name, wait_ms: wait }, line)
      said = line
      become({ state: 'failed', reason, pid: undefined })
    },
    restarted: (): void => void (status = { ...status, restarts: status.restarts + 1 }),
    ready(pid: number | undefined): void {
      wasReady = true
      if (status.restarts > 0) log.info({ child: spec.name, child_pid: pid }, `${spec.name} is ready again`)
      become({ state: 'ready', pid })
    },
  }
}

/** One life of the program; says why it ended. */
async function liveOnce(
  spec: ChildSpec,
  book: ReturnType<typeof createBook>,
  begin: (command: Command) => RunningChild | undefined,
): Promise<string> {
  const child = begin(await spec.command())
  if (child === undefined) return 'was stopped'
  if (child.pid !== undefined) spec.onStart?.(child.pid)
  book.become({ state: 'starting', pid: child.pid })
  const ended = new AbortController()
  const watch = awaitReady(child, spec, ended.signal, () => book.ready(child.pid))
  const exit = await child.exited
  ended.abort()
  const late = await watch
  const last = child.tail.at(-1)
  return `${late ?? describeExit(exit)}${last === undefined ? '' : `: ${last}`}`
}

/** Keeps one program running until it is stopped; its output is logged at debug level. */
export function createSupervisor(spec: ChildSpec, log: Logger): Supervisor {
  const stopping = new AbortController()
  const book = createBook(spec, log)
  const backoff = createBackoff(500, 30_000)
  let child: RunningChild | undefined
  let loop: Promise<void> | undefined

  const begin = (command: Command): RunningChild | undefined => {
    if (stopping.signal.aborted) return undefined
    return (child = runChild(command, (line) => {
      log.debug({ child: spec.name }, line)
      spec.onLine?.(line)
    }))
  }

  async function keepRunning(): Promise<void> {
    while (!stopping.signal.aborted) {
      const began = performance.now()
      const reason = await liveOnce(spec, book, begin).catch(
        (error: unknown) => `could not be started: ${error instanceof Error ? error.message : String(error)}`,
      )
      if (stopping.signal.aborted) break
      if (spec.firstMustSucceed === true && !book.wasReady())
        return book.become({ state: 'failed', reason, pid: undefined })
      if (performance.now() - began > steadyAfter) backoff.reset()
      const wait = backoff.next()
      book.failed(reason, wait)
      await sleep(wait, undefined, { signal: stopping.signal }).catch(() => undefined)
      book.restarted()
    }
    spec.onStop?.()
    book.become({ state: 'stopped', pid: undefined })
  }

  return {
    get status() {
      return book.status()
    },
    get tail() {
      return child?.tail ?? []
    },
    start() {
      loop ??= keepRunning()
      return book.first
    },
    async stop() {
      stopping.abort()
      if (child !== undefined) await endChild(child, spec.stopBy)
      await loop
    },
  }
}

/** Polls until ready; undefined then or when the child ends first, else (after killing it) what went wrong. */
async function awaitReady(
  child: RunningChild,
  { probe, readyWithin }: ChildSpec,
  ended: AbortSignal,
  onReady: () => void,
): Promise<string | undefined> {
  const deadline = readyWithin === 0 ? Infinity : performance.now() + readyWithin
  while (!ended.aborted) {
    const answers = await Promise.resolve(probe.check(child.pid ?? 0, ended)).catch(() => false)
    if (ended.aborted) break
    if (answers) {
      onReady()
      break
    }
    if (performance.now() > deadline) {
      child.kill('SIGKILL')
      return `did not become ready within ${readyWithin / 1000} s`
    }
    await sleep(probe.every, undefined, { signal: ended }).catch(() => undefined)
  }
  return undefined
}

async function endChild(child: RunningChild, stopBy: ChildSpec['stopBy']): Promise<void> {
  const over = new AbortController()
  const gone = child.exited.then(() => over.abort())
  for (const [signal, ms] of stopBy) {
    if (over.signal.aborted) break
    child.kill(signal)
    await Promise.race([gone, sleep(ms, undefined, { signal: over.signal }).catch(() => undefined)])
  }
  await gone
}
