import { setTimeout as sleep } from 'node:timers/promises'
import { demandAt } from '../wave.ts'

/** Waits so long, or until the signal aborts. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined)

export interface Crowd {
  /** Members at the height of the wave; one is always there. */
  readonly most: number
  /** Pause of a member between two acts, ms on average. */
  readonly rest: number
  readonly signal: AbortSignal
}

/** As many members as the wave asks for act again and again until the signal aborts. Failures are part of the show. */
export async function crowd({ most, rest, signal }: Crowd, act: (seconds: number) => Promise<void>): Promise<void> {
  const began = performance.now()
  const seconds = (): number => (performance.now() - began) / 1000
  async function member(index: number): Promise<void> {
    while (!signal.aborted) {
      const wanted = index === 0 || demandAt(seconds()) * most > index
      if (wanted) await act(seconds()).catch(() => undefined)
      await pause(wanted ? rest * (0.5 + Math.random()) : 1000, signal)
    }
  }
  await Promise.all(Array.from({ length: most }, (_, index) => member(index)))
}

/** Acts every so many ms until it is ended; what fails is tried again. */
export function repeatedly(every: number, act: (signal: AbortSignal) => Promise<unknown>): () => Promise<void> {
  const end = new AbortController()
  const acting = (async () => {
    while (!end.signal.aborted) {
      await act(end.signal).catch(() => undefined)
      await pause(every, end.signal)
    }
  })()
  return async () => {
    end.abort()
    await acting
  }
}
