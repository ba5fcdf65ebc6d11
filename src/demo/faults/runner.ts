import type { Stage } from '../stage/stage.ts'
import { Unavailable, type Fault } from './fault.ts'
import { faults, type FaultName } from './index.ts'

/** Faults last so long unless said otherwise, and never longer than the most, ms. */
export const usualTime = 5 * 60_000
export const mostTime = 60 * 60_000

export interface FaultRunner {
  /** Begins a fault, or lets one that is there last so long (ms) from now. Resolves with one line of what came of it. */
  start(name: FaultName, ms?: number): Promise<string>
  end(name: FaultName): Promise<string>
  /** Faults there are now, and until when, ms since the epoch. */
  readonly present: ReadonlyMap<FaultName, number>
  /** Ends all of them, and takes no more. */
  close(): Promise<void>
}

interface Running {
  readonly end: () => Promise<void> | void
  timer: NodeJS.Timeout
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
const inWords = (ms: number): string => (ms >= 120_000 ? `${Math.round(ms / 60_000)} minutes` : `${ms / 1000} seconds`)

/** One act after the other: a fault that is beginning is not ended in the middle. */
function createTurns() {
  let turn: Promise<unknown> = Promise.resolve()
  return <T>(act: () => Promise<T>): Promise<T> => {
    const result = turn.then(act)
    turn = result.catch(() => undefined)
    return result
  }
}

async function ended(name: FaultName, { end, timer }: Running): Promise<string> {
  clearTimeout(timer)
  try {
    await end()
    return `${name} has ended`
  } catch (error) {
    return `${name} has ended, but not cleanly: ${reasonOf(error)}`
  }
}

function notBegun(name: FaultName, error: unknown): string {
  const why = error instanceof Unavailable ? 'cannot be had here' : 'failed to begin'
  return `${name} ${why}: ${reasonOf(error)}`
}

/** Begins and ends faults; what ends by itself is told to `say`. */
export function createFaultRunner(stage: Stage, say: (line: string) => void): FaultRunner {
  const running = new Map<FaultName, Running>()
  const until = new Map<FaultName, number>()
  const inTurn = createTurns()
  let closed = false

  function last(name: FaultName, ms: number): NodeJS.Timeout {
    until.set(name, Date.now() + ms)
    return setTimeout(() => void inTurn(() => finish(name)).then(say), ms)
  }

  async function finish(name: FaultName): Promise<string> {
    const found = running.get(name)
    if (found === undefined) return `${name} is not there`
    running.delete(name)
    until.delete(name)
    return ended(name, found)
  }

  async function begin(name: FaultName, asked: number): Promise<string> {
    if (closed) return `${name} is not begun: the demonstration ends`
    const fault: Fault = faults[name]
    const ms = Math.min(asked, fault.longest ?? mostTime, mostTime)
    const found = running.get(name)
    if (found !== undefined) {
      clearTimeout(found.timer)
      found.timer = last(name, ms)
      return `${name} lasts another ${inWords(ms)}`
    }
    try {
      const end = await fault.start(stage)
      running.set(name, { end, timer: last(name, ms) })
      return `${name} has begun, for ${inWords(ms)}: ${fault.about}`
    } catch (error) {
      return notBegun(name, error)
    }
  }

  return {
    present: until,
    start: (name, ms = usualTime) => inTurn(() => begin(name, ms)),
    end: (name) => inTurn(() => finish(name)),
    close: () =>
      inTurn(async () => {
        closed = true
        await Promise.all([...running.keys()].map(finish))
      }),
  }
}
