/** What can be said of one vendor's GPUs on this machine. */
export const states = ['ok', 'absent', 'hung', 'driver_error', 'garbage', 'permission'] as const
export type State = (typeof states)[number]

export interface Fault {
  readonly state: Exclude<State, 'ok'>
  /** One of a fixed few words: it becomes a label. */
  readonly reason: string
  /** For the log. */
  readonly message: string
}

/** How one poll ended. */
export type Outcome<Reading> = { readonly exitCode?: number | undefined } & (
  | { readonly reading: Reading }
  | { readonly fault: Fault }
)

/** All that the polls so far have taught. Times are milliseconds of one clock. */
export interface Memory<Reading> {
  /** Undefined until the first poll has ended. */
  readonly state: State | undefined
  readonly fault: Fault | undefined
  readonly exitCode: number | undefined
  readonly good: { readonly reading: Reading; readonly at: number } | undefined
  /** End and length of the newest poll. */
  readonly at: number
  readonly took: number
  /** Failed polls since the last good one, and since the start. */
  readonly failures: number
  readonly failed: number
}

export const nothingYet = {
  state: undefined,
  fault: undefined,
  exitCode: undefined,
  good: undefined,
  at: Number.NEGATIVE_INFINITY,
  took: 0,
  failures: 0,
  failed: 0,
} as const satisfies Memory<never>

/**
 * A hang and garbage teach nothing new, so the last good reading lives on until it is too old. Any other failure is
 * an answer, and contradicts the old values: they go at once.
 */
const keepsLast = new Set<State>(['hung', 'garbage'])

export function remember<Reading>(
  memory: Memory<Reading>,
  outcome: Outcome<Reading>,
  started: number,
  now: number,
): Memory<Reading> {
  const times = { at: now, took: now - started, exitCode: outcome.exitCode }
  if ('reading' in outcome) {
    const good = { reading: outcome.reading, at: now }
    return { ...times, state: 'ok', fault: undefined, good, failures: 0, failed: memory.failed }
  }
  const { fault } = outcome
  return {
    ...times,
    state: fault.state,
    fault,
    good: keepsLast.has(fault.state) ? memory.good : undefined,
    failures: memory.failures + 1,
    failed: memory.failed + 1,
  }
}

/** The newest good reading, unless it is too old to be shown. */
export function current<Reading>(
  { good }: Memory<Reading>,
  now: number,
  maxAge: number,
): { readonly reading: Reading; readonly age: number } | undefined {
  if (good === undefined) return undefined
  const age = Math.max(0, now - good.at)
  return age <= maxAge ? { reading: good.reading, age } : undefined
}

/** How long to wait after a poll: the interval, doubled for each failure after the first, at most a minute. */
export function pauseAfter({ failures }: Memory<unknown>, interval: number): number {
  if (failures <= 1) return interval
  return Math.max(interval, Math.min(interval * 2 ** (failures - 1), 60_000))
}

export interface Timing {
  readonly interval: number
  /** Values older than this are not shown. */
  readonly maxAge: number
  /** Polling ends when nobody has asked for this long. */
  readonly idle: number
  /** Pause between two looks for a GPU that is not there. */
  readonly recheck: number
}

/** How long a scrape waits for the first poll, and for one that may end a failure. */
const firstWait = 2000
const retryWait = 1000

/** How long a question should wait for a poll, which is begun if none is under way; undefined: answer at once. */
export function patience(
  memory: Memory<unknown>,
  { interval, maxAge, recheck }: Timing,
  now: number,
  polling: boolean,
): number | undefined {
  const sinceLast = now - memory.at
  if (memory.state === 'absent') return sinceLast >= recheck ? firstWait : undefined
  if (memory.state === undefined) return firstWait
  if (memory.state !== 'ok') return sinceLast >= interval && !polling ? retryWait : undefined
  return current(memory, now, maxAge) === undefined ? firstWait : undefined
}
