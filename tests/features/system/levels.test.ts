import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSustained, levelOf, temperatureLevel, worst } from '../../../src/features/system/levels.ts'
import { createTimeToFull, secondsToFull } from '../../../src/features/system/time-to-full.ts'
import { features } from '../support.ts'

const of = (celsius: number, critical?: number) => temperatureLevel(celsius, critical, features.system)
const at = (seconds: number, available: number) => ({ at: seconds, available })

const threshold = { warning: 0.9, critical: 0.97 }

test('a value is as bad as the highest threshold that it reaches', () => {
  expect([0.89, 0.9, 0.96, 0.97, 1].map((value) => levelOf(value, threshold))).toEqual([
    'ok',
    'warning',
    'warning',
    'critical',
    'critical',
  ])
  expect(worst(['ok', 'critical', 'warning'])).toBe('critical')
  expect(worst([])).toBeUndefined()
})

test('a sustained level needs the whole time above the threshold', () => {
  const level = createSustained(30_000)
  const seen = [0.95, 0.95, 0.95, 0.95, 0.99, 0.99, 0.5, 0.99].map((value, i) => level(value, threshold, i * 10_000))
  expect(seen).toEqual(['ok', 'ok', 'ok', 'warning', 'warning', 'warning', 'ok', 'ok'])
})

test('a sensor is judged by its own critical temperature, or by the configured ones', () => {
  expect([of(84), of(85), of(95)]).toEqual(['ok', 'warning', 'critical'])
  expect([of(95, 110), of(100, 110), of(110, 110)]).toEqual(['ok', 'warning', 'critical'])
})

test('a file system that fills at a steady pace is full when the line says so', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.integer({ min: 1e6, max: 1e9 }),
      fc.integer({ min: 61, max: 240 }),
      (pace, start, count) => {
        const points = Array.from({ length: count }, (_, i) => ({ at: i * 15, available: start - pace * i * 15 }))
        const left = (points.at(-1)?.available ?? 0) / pace
        const found = secondsToFull(points)
        if (left > 30 * 86_400 * 1.001) expect(found).toBeUndefined()
        else if (left < 30 * 86_400 * 0.999 && left > 0) expect(found).toBeCloseTo(left, 2)
      },
    ),
  )
})

const each = (seconds: readonly number[], available: (seconds: number) => number) =>
  secondsToFull(seconds.map((second) => at(second, available(second))))
const quarters = Array.from({ length: 61 }, (_, i) => i * 15)

test('no time to full while it empties, stands still, or has not been seen for a quarter of an hour', () => {
  expect(each(quarters, (second) => 1000 + second)).toBeUndefined()
  expect(each(quarters, () => 1000)).toBeUndefined()
  expect(each(quarters.slice(0, -1), (second) => 10_000 - second)).toBeUndefined()
  expect(each(quarters, (second) => 10_000 - second)).toBeCloseTo(9100)
  const full = createTimeToFull(1200)
  const told = quarters.map((second) => full.add('/', at(second, 10_000 - second)))
  expect(told.slice(0, -1).every((seconds) => seconds === undefined)).toBe(true)
  expect(told.at(-1)).toBeCloseTo(9100)
  full.keepOnly(new Set())
  expect(full.add('/', at(915, 9085))).toBeUndefined()
})

test('a step, or ups and downs, are no pace at which it fills', () => {
  expect(each(quarters, (second) => (second < 450 ? 10_000 : 9000))).toBeUndefined()
  expect(each(quarters, (second) => 10_000 - second / 10 + 500 * Math.sin(second))).toBeUndefined()
  expect(each(quarters, (second) => 10_000 - second + 20 * Math.sin(second))).toBeGreaterThan(8000)
})
