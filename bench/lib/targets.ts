import { estimate, table } from './table.ts'
import type { Estimate } from './statistics.ts'

/** A figure that was promised, and what came of it. */
export interface Verdict {
  readonly what: string
  readonly target: string
  readonly reached: string
  readonly met: boolean
}

/** Met if the median is; the interval is shown beside it. */
export const ratioTarget = (what: string, limit: number, reached: Estimate): Verdict => ({
  what,
  target: `<= ${limit} x`,
  reached: estimate(reached),
  met: reached.value <= limit,
})

export const valueTarget = (what: string, limit: number, unit: string, reached: number, digits = 1): Verdict => ({
  what,
  target: `<= ${limit} ${unit}`,
  reached: `${reached.toFixed(digits)} ${unit}`,
  met: reached <= limit,
})

/** All promises, and in words which were not kept. */
export function verdicts(all: readonly Verdict[]): string {
  if (all.length === 0) return 'Nothing was measured that has a target.'
  const rows = all.map(({ what, target, reached, met }) => [what, target, reached, met ? 'met' : 'MISSED'])
  const missed = all.filter(({ met }) => !met).map(({ what }) => what)
  const words = missed.length === 0 ? 'Every target was met.' : `Missed: ${missed.join('; ')}.`
  return `${table([['target', 'promised', 'reached', ''], ...rows])}\n\n${words}`
}
