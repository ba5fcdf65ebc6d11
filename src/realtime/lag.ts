import type { Settings } from './settings.ts'

/** When which offset of a subscription was sent, oldest first. */
export type Marks = { offset: number; at: number }[]

/** How far a client is behind what was sent to it. */
export interface Lag {
  readonly ms: number
  readonly messages: number
}

const spacing = 250
const most = 64

/** Notes that `offset` was sent at monotonic `at`: coarsely, and never more than a few dozen. */
export function mark(marks: Marks, offset: number, at: number): void {
  const last = marks.at(-1)
  if (last !== undefined && at - last.at < spacing) return
  marks.push({ offset, at })
  // The oldest says how late the client is, so it stays; what lies between gets thinner.
  if (marks.length > most) marks.splice(1, marks.length - 1, ...marks.filter((_, i) => i > 0 && i % 2 === 0))
}

/**
 * The lag that a client's report of its position means. What was sent less than a round trip ago is on its way, not
 * late. Marks that were reached are dropped.
 */
export function lagAt(marks: Marks, position: number, now: number, rtt: number): Lag {
  const reached = marks.findIndex(({ offset }) => offset > position)
  marks.splice(0, reached === -1 ? marks.length : reached)
  const due = marks.filter(({ at }) => now - at > rtt + spacing)
  return { ms: due[0] === undefined ? 0 : now - due[0].at, messages: Math.max(0, (due.at(-1)?.offset ?? 0) - position) }
}

export const worst = (a: Lag, b: Lag): Lag => ({ ms: Math.max(a.ms, b.ms), messages: Math.max(a.messages, b.messages) })

/** What to do with a client that lags this much. */
export function judge({ ms, messages }: Lag, settings: Settings): 'well' | 'slow' | 'close' {
  if (ms > settings.closeLag) return 'close'
  return ms > settings.slowLag || messages > settings.slowMessages ? 'slow' : 'well'
}
