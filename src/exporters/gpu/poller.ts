import {
  nothingYet,
  patience,
  pauseAfter,
  remember,
  type Fault,
  type Memory,
  type Outcome,
  type Timing,
} from './state.ts'

export interface Poller<Reading> {
  /** What is known now; asking keeps the polls going. Waits only if nothing fresh is known, and not for long. */
  ask(): Promise<Memory<Reading>>
  stop(): Promise<void>
}

/**
 * Polls a slow source in the background: one poll at a time, one per interval, begun by the first question and ended
 * when the questions cease. A machine without the source has no timer: it is looked for again when asked.
 */
export function createPoller<Reading>(
  poll: (signal: AbortSignal) => Promise<Outcome<Reading>>,
  timing: Timing,
): Poller<Reading> {
  const stopping = new AbortController()
  let memory: Memory<Reading> = nothingYet
  let flight: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let asked = 0
  /** Questions of one scrape wait together, so that they get one answer. */
  let waiting: Promise<void> | undefined

  async function run(): Promise<void> {
    const started = Date.now()
    const outcome = await poll(stopping.signal).catch(unexpected)
    memory = remember(memory, outcome, started, Date.now())
    flight = undefined
    schedule()
  }

  function schedule(): void {
    if (stopping.signal.aborted || memory.state === 'absent') return
    timer = setTimeout(
      () => {
        timer = undefined
        if (Date.now() - asked < timing.idle) void begin()
      },
      pauseAfter(memory, timing.interval),
    ).unref()
  }

  function begin(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    return (flight ??= run())
  }

  return {
    async ask() {
      asked = Date.now()
      const wait = stopping.signal.aborted ? undefined : patience(memory, timing, asked, flight !== undefined)
      if (wait !== undefined) waiting ??= atMost(begin(), wait).finally(() => (waiting = undefined))
      else if (flight === undefined && timer === undefined && memory.state !== 'absent') schedule()
      await waiting
      return memory
    },
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      await flight
    },
  }
}

const unexpected = (error: unknown): { readonly fault: Fault } => ({
  fault: { state: 'garbage', reason: 'unexpected', message: error instanceof Error ? error.message : String(error) },
})

async function atMost(promise: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))
  await Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
