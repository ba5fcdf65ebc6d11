import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commandLimit, createCommandLimit, type Verdict } from '../../../src/realtime/limits/commands.ts'

/** Verdicts on commands that come at these times, ms. */
function verdicts(times: readonly number[]): Verdict[] {
  let now = 0
  const command = createCommandLimit(commandLimit, () => now)
  return times.map((at) => {
    now = at
    return command()
  })
}
const steady = (perSecond: number, seconds: number): number[] =>
  Array.from({ length: perSecond * seconds }, (_, i) => (i * 1000) / perSecond)

/** So many at one time. */
const over = (at: number, count: number): number[] => Array.from({ length: count }, () => at)

describe('commands of one connection', () => {
  test('20 a second pass for ever, and a burst of 60', () => {
    expect(new Set(verdicts(steady(20, 600)))).toEqual(new Set(['ok']))
    expect(verdicts(Array.from({ length: 61 }, () => 0))).toEqual([...Array.from({ length: 60 }, () => 'ok'), 'busy'])
  })

  test('one hasty batch is told to come again, and not closed', () => {
    const batch = verdicts(Array.from({ length: 300 }, () => 0))
    expect(batch.filter((verdict) => verdict === 'busy')).toHaveLength(240)
    expect(batch).not.toContain('close')
  })

  test('10,000 a second: refused, then closed within a second, and for good', () => {
    const times = steady(10_000, 3)
    const all = verdicts(times)
    const closed = all.indexOf('close')
    expect(all.indexOf('busy')).toBeGreaterThan(0)
    expect(times[closed]).toBeLessThan(1000)
    expect(new Set(all.slice(closed))).toEqual(new Set(['close']))
  })

  test('three strikes within ten seconds close, three in a longer time do not', () => {
    expect(verdicts([...over(0, 61), ...over(1000, 21), ...over(2000, 21)]).at(-1)).toBe('close')
    expect(verdicts([...over(0, 61), ...over(6000, 61), ...over(12_000, 61)])).not.toContain('close')
  })

  test('for any times: never more than the rate allows, and no command refused that it allows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 300 }), (gaps) => {
        let at = 0
        const times = gaps.map((gap) => (at += gap % 7 === 0 ? 0 : gap % 90))
        const all = verdicts(times)
        let tokens = 60
        let last = 0
        for (const [i, verdict] of all.entries()) {
          const now = times[i] ?? 0
          tokens = Math.min(60, tokens + (now - last) / 50)
          last = now
          if (verdict === 'close') break
          expect(verdict === 'ok').toBe(tokens >= 1 - 1e-9)
          if (verdict === 'ok') tokens -= 1
        }
      }),
    )
  })

  test('a clock that steps back gives nothing away', () => {
    expect(verdicts([...Array.from({ length: 60 }, () => 1000), 0, 1000])).toEqual([
      ...Array.from({ length: 60 }, () => 'ok'),
      'busy',
      'busy',
    ])
  })
})
