import { assert, integer, nat, property } from 'fast-check'
import { expect, test } from 'vitest'
import { createBackoff } from '../../src/lib/backoff.ts'

test('doubles up to the longest wait, and starts again after a reset', () => {
  const backoff = createBackoff(100, 1000, () => 0)
  expect([1, 2, 3, 4, 5, 6].map(() => backoff.next())).toEqual([100, 200, 400, 800, 1000, 1000])
  backoff.reset()
  expect(backoff.next()).toBe(100)
})

test('every wait lies between half and all of its step', () => {
  assert(
    property(integer({ min: 1, max: 1000 }), nat({ max: 20 }), (first, steps) => {
      const backoff = createBackoff(first, 60_000)
      for (let step = first, i = 0; i < steps; i++, step = Math.min(step * 2, 60_000)) {
        const wait = backoff.next()
        expect(wait).toBeGreaterThanOrEqual(Math.floor(step / 2))
        expect(wait).toBeLessThanOrEqual(step)
      }
    }),
  )
})
