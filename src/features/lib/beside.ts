import type { Take } from '../feature.ts'

/** Readings by collector, why others are missing, and when (monotonic ms) they were taken. */
export interface Taken {
  readonly readings: ReadonlyMap<string, unknown>
  readonly failures: ReadonlyMap<string, unknown>
  readonly at: number
}

export interface BesideOptions {
  /** ms: readings younger than this are used again. */
  readonly every: number
  /** ms that a reading may take. */
  readonly deadline: number
  /** ms that a tick waits for it; after that it goes on with what was last known. */
  readonly patience: number
  readonly monotonic: () => number
}

export const nothingTaken: Taken = { readings: new Map(), failures: new Map(), at: Number.NEGATIVE_INFINITY }

/** One set of readings, with the time before it was asked for. */
export async function takeNow(
  take: Take,
  names: readonly string[],
  deadline: number,
  monotonic: () => number,
): Promise<Taken> {
  const at = monotonic()
  const failures = new Map<string, unknown>()
  const readings = await take(names, deadline, failures)
  return { readings, failures, at }
}

/**
 * Readings that are slow or dear, taken beside the tick: a mount or a driver that hangs holds up nothing but itself.
 */
export function createBeside(take: Take, names: readonly string[], options: BesideOptions): () => Promise<Taken> {
  const { every, deadline, patience, monotonic } = options
  let last = nothingTaken
  let flight: Promise<void> | undefined
  const begin = async (): Promise<void> => {
    last = await takeNow(take, names, deadline, monotonic)
  }
  return async () => {
    if (flight === undefined && monotonic() - last.at >= every) {
      flight = begin().finally(() => (flight = undefined))
    }
    if (flight !== undefined) await atMost(flight, patience)
    return last
  }
}

async function atMost(promise: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))
  await Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
