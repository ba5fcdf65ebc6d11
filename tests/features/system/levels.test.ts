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
      fc.integer({ min: 5, max: 60 }),
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

test('no time to full while it empties, stands still, or has not been seen for a minute', () => {
  expect(secondsToFull([at(0, 100), at(30, 110), at(60, 120), at(90, 130)])).toBeUndefined()
  expect(secondsToFull([at(0, 100), at(30, 100), at(60, 100), at(90, 100)])).toBeUndefined()
  expect(secondsToFull([at(0, 100), at(10, 90), at(20, 80), at(30, 70)])).toBeUndefined()
  const full = createTimeToFull(100)
  const told = [0, 20, 40, 60, 80, 100, 120].map((seconds) => full.add('/', at(seconds, 1000 - seconds)))
  expect(told.slice(0, 3)).toEqual([undefined, undefined, undefined])
  expect(told.at(-1)).toBeCloseTo(880)
  full.keepOnly(new Set())
  expect(full.add('/', at(140, 860))).toBeUndefined()
})
