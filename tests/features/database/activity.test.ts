import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { activityOf } from '../../../src/features/database/activity.ts'
import { settingOf } from '../../../src/features/database/sessions.ts'
import { gauge, sampleLine } from '../../../src/lib/exposition.ts'

const counters = (values: Readonly<Record<string, number>>) => new Map(Object.entries(values))

test('rates are sums over the databases; the cache hit ratio is of this interval alone', () => {
  const before = new Map([
    ['1', counters({ xact_commit: 100, blks_hit: 1000, blks_read: 1000, tup_inserted: 5, tup_updated: 1 })],
    ['2', counters({ xact_commit: 10, blks_hit: 0, blks_read: 0, tup_inserted: 0, tup_updated: 0 })],
  ])
  const now = new Map([
    ['1', counters({ xact_commit: 120, blks_hit: 1060, blks_read: 1010, tup_inserted: 9, tup_updated: 3 })],
    ['2', counters({ xact_commit: 20, blks_hit: 30, blks_read: 0, tup_inserted: 2, tup_updated: 0 })],
  ])
  expect(activityOf(before, now, 2)).toEqual({ commits: 15, cacheHit: 0.9, tuplesWritten: 4 })
})

test('a database that is new, or whose statistics were reset, is left out', () => {
  const before = new Map([['1', counters({ xact_commit: 100 })]])
  const now = new Map([
    ['1', counters({ xact_commit: 3 })],
    ['2', counters({ xact_commit: 1000 })],
  ])
  expect(activityOf(before, now, 1)).toEqual({})
  expect(activityOf(new Map([...before, ['2', counters({ xact_commit: 998 })]]), now, 1)).toEqual({ commits: 2 })
})

test('for any counters no rate is negative, and the hit ratio lies in 0..1', () => {
  const names = ['xact_commit', 'xact_rollback', 'blks_hit', 'blks_read', 'tup_returned', 'deadlocks']
  const reading = fc
    .dictionary(fc.constantFrom('1', '2', '3'), fc.dictionary(fc.constantFrom(...names), fc.nat()))
    .map((all) => new Map(Object.entries(all).map(([oid, values]) => [oid, counters(values)])))
  fc.assert(
    fc.property(reading, reading, fc.integer({ min: 0, max: 10 }), (before, now, seconds) => {
      const { cacheHit = 0, ...rates } = activityOf(before, now, seconds)
      expect(cacheHit).toBeGreaterThanOrEqual(0)
      expect(cacheHit).toBeLessThanOrEqual(1)
      for (const rate of Object.values(rates)) expect(rate).toBeGreaterThanOrEqual(0)
    }),
  )
})

test('a setting is the number on the line that is published', () => {
  const metric = gauge('pg_settings_max_connections', 'Maximum.')
  const settings = [{ metric, line: sampleLine(metric.name, [], [], 100) }]
  expect(settingOf(settings, 'max_connections')).toBe(100)
  expect(settingOf(settings, 'port')).toBeUndefined()
  expect(settingOf(undefined, 'max_connections')).toBeUndefined()
})
