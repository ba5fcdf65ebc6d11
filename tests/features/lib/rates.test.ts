import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPrevious } from '../../../src/features/lib/previous.ts'
import { increase, known, perSecond, share, sum } from '../../../src/features/lib/rates.ts'

const value = fc.option(fc.double({ min: 0, max: 1e15, noNaN: true }), { nil: undefined })

test('a rate is never negative: a counter that fell was reset, and its rate is not known', () => {
  fc.assert(
    fc.property(value, value, fc.double({ min: -1, max: 100, noNaN: true }), (before, now, seconds) => {
      const rate = perSecond(before, now, seconds)
      if (rate !== undefined) expect(rate).toBeGreaterThanOrEqual(0)
      if (before !== undefined && now !== undefined && now < before) expect(rate).toBeUndefined()
      if (seconds <= 0) expect(rate).toBeUndefined()
    }),
  )
  expect(perSecond(10, 30, 4)).toBe(5)
  expect(increase(undefined, 5)).toBeUndefined()
})

test('a share lies in 0..1, or is not known', () => {
  fc.assert(
    fc.property(value, value, (part, whole) => {
      const found = share(part, whole)
      if (found === undefined) return
      expect(found).toBeGreaterThanOrEqual(0)
      expect(found).toBeLessThanOrEqual(1)
    }),
  )
  expect(share(1, 0)).toBeUndefined()
})

test('sums leave out what is not known, and know nothing of nothing', () => {
  expect(sum([1, undefined, 2])).toBe(3)
  expect(sum([undefined])).toBeUndefined()
  expect(known({ a: 1, b: undefined, c: Number.NaN, d: false, e: '' })).toEqual({ a: 1, d: false, e: '' })
})

test('rates are counted from the previous reading, or over about a span', () => {
  const last = createPrevious<string>()
  expect(last('a', 1000)).toEqual({ before: undefined, seconds: 0 })
  expect(last('b', 3000)).toEqual({ before: 'a', seconds: 2 })
  expect(last('c', 4000)).toEqual({ before: 'b', seconds: 1 })
  const span = createPrevious<number>(10_000)
  const seconds = Array.from({ length: 12 }, (_, i) => span(i, i * 2000).seconds)
  expect(seconds).toEqual([0, 2, 4, 6, 8, 10, 10, 10, 10, 10, 10, 10])
})
