import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createOtherBucket } from '../../../src/exporters/postgres/other-bucket.ts'

/** One scrape: how much each of six statements adds, which of them are shown, which the server forgets beforehand. */
const step = fc.record({
  adds: fc.array(fc.nat(1000), { minLength: 6, maxLength: 6 }),
  shown: fc.subarray([0, 1, 2, 3, 4, 5]),
  forgets: fc.subarray([0, 1, 2, 3, 4, 5], { maxLength: 1 }),
})

test('other never falls, and grows by no more than what statements have cost', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 30 }), (steps) => {
      const bucket = createOtherBucket(1)
      const totals = [0, 0, 0, 0, 0, 0]
      let last = 0
      let added = 0
      for (const [i, { adds, shown, forgets }] of steps.entries()) {
        for (const index of forgets) totals[index] = 0
        for (const [index, add] of adds.entries()) totals[index] = (totals[index] ?? 0) + add
        if (i > 0) added += adds.reduce((sum, add) => sum + add, 0)
        const all = totals.reduce((sum, total) => sum + total, 0)
        const [other = Number.NaN] = bucket.update(
          [all],
          shown.map((index) => ({ key: String(index), totals: [totals[index] ?? 0] })),
        )
        expect(other).toBeGreaterThanOrEqual(last)
        expect(other).toBeLessThanOrEqual(added)
        last = other
      }
    }),
  )
})

const shown = (calls: number) => [{ key: 'a', totals: [calls, calls * 2] }]

test('without forgetting or swaps, other is exactly what the rest has cost since the start', () => {
  const bucket = createOtherBucket(2)
  expect(bucket.update([100, 200], shown(10))).toEqual([0, 0])
  expect(bucket.update([150, 260], shown(20))).toEqual([40, 40])
  expect(bucket.update([151, 262], shown(21))).toEqual([40, 40])
})

test('a statement that joins or leaves moves nothing at once', () => {
  const bucket = createOtherBucket(1)
  const a = { key: 'a', totals: [50] }
  const b = { key: 'b', totals: [30] }
  bucket.update([100], [])
  expect(bucket.update([100], [a])).toEqual([0])
  expect(bucket.update([100], [a, b])).toEqual([0])
  expect(bucket.update([100], [b])).toEqual([0])
  expect(bucket.update([107], [b])).toEqual([7])
})
