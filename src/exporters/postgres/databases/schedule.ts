import { orAbort } from '../wait.ts'
import type { Rounds } from './rounds.ts'
import type { Snapshot } from './snapshot.ts'

export interface ScheduleOptions {
  /** Milliseconds from the start of one round to the start of the next. */
  readonly interval: number
  /** Rounds cease when nobody has asked for this long. */
  readonly idle: number
}

/** Keeps the rounds going while somebody scrapes. */
export interface Schedule {
  /**
   * The newest snapshot, at once whenever there is one; else that of the round under way. When the last round went
   * wrong, another is begun at once, so that recovery is not a whole interval late.
   */
  current(signal: AbortSignal): Promise<Snapshot>
  /** Time between the starts of rounds, as stretched by long ones. */
  readonly cadence: number
  readonly stats: { readonly rounds: number; readonly failures: number; readonly seconds: number | undefined }
  stop(): Promise<void>
}

/** Rounds may keep the server busy for a tenth of the time. */
const stretch = 10

/** How long a scrape waits for databases that failed to be tried again: enough when they are well, little when not. */
const grace = 250

interface Loop {
  /** Begins a round, or joins the one under way; never rejects. The full round after it is then due in time. */
  begin(failedOnly: boolean): Promise<void>
  /** Whether the next round is set. */
  readonly armed: boolean
  /** Why the last round failed, if it did. */
  readonly failure: Error | undefined
  readonly cadence: number
  readonly stats: Schedule['stats']
  stop(): Promise<void>
}

/** Rounds one after the other, each full one setting the next as long as it is `wanted`. */
function createLoop(rounds: Rounds, interval: number, wanted: () => boolean): Loop {
  const abort = new AbortController()
  const stats = { rounds: 0, failures: 0, seconds: undefined as number | undefined }
  let timer: NodeJS.Timeout | undefined
  let flight: Promise<void> | undefined
  let failure: Error | undefined
  let cadence = interval

  async function round(failedOnly: boolean): Promise<void> {
    const start = performance.now()
    let busy = 0
    try {
      busy = await rounds.run(failedOnly, abort.signal)
      failure = undefined
    } catch (error) {
      failure = error as Error
      stats.failures++
    }
    if (failedOnly || abort.signal.aborted) return
    const took = performance.now() - start
    stats.rounds++
    stats.seconds = took / 1000
    cadence = Math.max(interval, busy * stretch)
    clearTimeout(timer)
    timer = setTimeout(due, Math.max(0, cadence - took)).unref()
  }

  function due(): void {
    timer = undefined
    if (wanted()) void begin(false)
  }

  function begin(failedOnly: boolean): Promise<void> {
    flight ??= round(failedOnly).finally(() => {
      flight = undefined
    })
    return flight
  }

  return {
    begin,
    get armed() {
      return timer !== undefined
    },
    get failure() {
      return failure
    },
    get cadence() {
      return cadence
    },
    stats,
    async stop() {
      abort.abort(new Error('the exporter is stopping'))
      clearTimeout(timer)
      await flight
    },
  }
}

/** Whether anything in it is recent enough to be shown, or there is nothing to show. */
const usable = (snapshot: Snapshot | undefined): boolean =>
  snapshot !== undefined && (snapshot.databases.length === 0 || snapshot.expires !== Infinity)

export function createSchedule(rounds: Rounds, { interval, idle }: ScheduleOptions): Schedule {
  let askedAt = 0
  let stopped = false
  const loop = createLoop(rounds, interval, () => Date.now() - askedAt < idle)

  return {
    async current(signal) {
      signal.throwIfAborted()
      if (stopped) throw new Error('the exporter has been stopped')
      askedAt = Date.now()
      if (!usable(rounds.snapshot())) await orAbort(loop.begin(false), signal, () => undefined)
      else if (loop.failure !== undefined || !loop.armed) void loop.begin(false)
      else if (rounds.failing()) await Promise.race([loop.begin(true), pause(grace, signal)])
      const snapshot = rounds.snapshot()
      if (snapshot !== undefined && (usable(snapshot) || loop.failure === undefined)) return snapshot
      throw loop.failure ?? new Error('no round of visits has been completed yet')
    },
    get cadence() {
      return loop.cadence
    },
    stats: loop.stats,
    async stop() {
      stopped = true
      await loop.stop()
    },
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}
