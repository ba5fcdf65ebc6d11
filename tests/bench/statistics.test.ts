import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  createRandom,
  median,
  quantile,
  ratio,
  ratioOfFigures,
  resample,
  schedule,
  summarise,
} from '../../bench/lib/statistics.ts'

test('quantiles interpolate between neighbours', () => {
  expect(quantile([1, 2, 3, 4, 5], 0.5)).toBe(3)
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5)
  expect(quantile([10, 20], 0.9)).toBeCloseTo(19)
  expect(quantile([], 0.5)).toBeNaN()
  expect(median([9, 1, 5])).toBe(5)
})

test('a summary does not depend on the order of the samples', () => {
  const samples = Array.from({ length: 101 }, (_, i) => (i * 37) % 101)
  expect(summarise(samples)).toEqual({ count: 101, p50: 50, p90: 90, p99: 99, max: 100 })
})

test('quantiles lie within the samples and grow with q', () => {
  const samples = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 })
  fc.assert(
    fc.property(samples, (values) => {
      const { p50, p90, p99, max } = summarise(values)
      expect(Math.min(...values)).toBeLessThanOrEqual(p50)
      // Interpolation rounds: equal neighbours may give a sum a hair beside them.
      const hair = max * 1e-12
      expect(p50).toBeLessThanOrEqual(p90 + hair)
      expect(p90).toBeLessThanOrEqual(p99 + hair)
      expect(p99).toBeLessThanOrEqual(max + hair)
    }),
  )
})

/** Latencies with a long tail, as servers have them. */
function latencies(random: () => number, count: number, scale: number): number[] {
  return Array.from({ length: count }, () => scale * (1 - Math.log(1 - random())))
}

test('the ratio of two sides comes with an interval that holds it, and the true one', () => {
  const random = createRandom(7)
  const repeats = Array.from({ length: 5 }, () => ({
    ours: latencies(random, 300, 3),
    theirs: latencies(random, 300, 6),
  }))
  const { value, low, high } = ratio(repeats, median, createRandom(1))
  expect(low).toBeLessThanOrEqual(value)
  expect(value).toBeLessThanOrEqual(high)
  expect(low).toBeLessThan(0.5)
  expect(high).toBeGreaterThan(0.5)
  expect(high - low).toBeLessThan(0.2)
})

test('a side compared with itself is no faster and no slower', () => {
  const random = createRandom(3)
  const same = Array.from({ length: 4 }, () => latencies(random, 200, 5))
  const { value, low, high } = ratio(
    same.map((samples) => ({ ours: samples, theirs: samples })),
    median,
    createRandom(1),
  )
  expect(value).toBe(1)
  expect(low).toBeLessThan(1)
  expect(high).toBeGreaterThan(1)
})

test('one slow repeat does not decide', () => {
  const pairs = [0.4, 0.5, 0.5, 0.6, 5].map((ours) => ({ ours, theirs: 1 }))
  expect(ratioOfFigures(pairs)).toEqual({ value: 0.5, low: 0.4, high: 5 })
})

test('the same seed gives the same numbers, between 0 and 1', () => {
  const drawn = Array.from({ length: 1000 }, createRandom(42))
  expect(drawn).toEqual(Array.from({ length: 1000 }, createRandom(42)))
  expect(Array.from({ length: 1000 }, createRandom(43))).not.toEqual(drawn)
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...drawn)).toBeLessThan(1)
  expect(median(drawn)).toBeCloseTo(0.5, 1)
})

test('a resample has as many values, all of them from the original', () => {
  const values = [1, 2, 3, 4, 5]
  const drawn = resample(values, createRandom(5))
  expect(drawn).toHaveLength(values.length)
  expect(values).toEqual(expect.arrayContaining(drawn))
})

test('blocks alternate as ABBA, so that drift hits both sides alike', () => {
  expect(schedule(200, 50)).toEqual(['ours', 'theirs', 'theirs', 'ours', 'ours', 'theirs', 'theirs', 'ours'])
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 100 }), (scrapes, size) => {
      const ours = schedule(scrapes, size).filter((side) => side === 'ours').length
      expect(ours * 2).toBe(schedule(scrapes, size).length)
      expect(ours * size).toBeGreaterThanOrEqual(scrapes)
    }),
  )
})
