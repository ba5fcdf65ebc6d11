import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Prometheus } from '../../../src/features/lib/prometheus.ts'
import { familyOf, rangeQueries } from '../../../src/features/system/queries.ts'
import { columnOf, familiesOf, gridOf, mostPoints, readRange } from '../../../src/features/system/range.ts'

test('for any range the grid is bounded, even, and ends now', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 10_080, noNaN: true }),
      fc.integer({ min: 1e12, max: 2e12 }),
      (minutes, now) => {
        const { start, end, step, points } = gridOf(minutes, now)
        expect(points).toBeGreaterThan(0)
        expect(points).toBeLessThanOrEqual(mostPoints)
        expect(end - start).toBe((points - 1) * step)
        expect(now / 1000 - end).toBeLessThan(step)
        expect(end).toBeLessThanOrEqual(now / 1000)
        expect(minutes * 60 - (end - start)).toBeLessThan(step)
      },
    ),
  )
})

test('nothing that a client sends becomes PromQL: a name is one of the fixed families, or of none', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const family of familiesOf(text)) expect([...rangeQueries.keys()]).toContain(family)
    }),
  )
  expect(familyOf('network.eth0.100.receive')).toBe('network.*.receive')
  expect(familyOf('filesystem./mnt/a.b.used')).toBe('filesystem.*.used')
  expect(familyOf('network.receive')).toBeUndefined()
  expect(familyOf('toString')).toBeUndefined()
  expect(familiesOf('network.*')).toEqual(['network.*.receive', 'network.*.transmit'])
})

test('results are laid on the grid under the names of the history; holes and NaN are unknown', async () => {
  const now = 1_700_000_010_000
  const grid = gridOf(2, now)
  const asked: Readonly<Record<string, string>>[] = []
  const prometheus: Prometheus = {
    source: 'http://prometheus',
    async get(path, parameters = {}) {
      expect(path).toBe('/api/v1/query_range')
      asked.push(parameters)
      const result = ['eth0', 'eth1'].map((device) => ({
        metric: { device },
        values: [
          [grid.start, '1.5'],
          [grid.start + grid.step, 'NaN'],
          [grid.end, '3'],
        ],
      }))
      return { resultType: 'matrix', result }
    },
  }
  const { times, series } = await readRange(prometheus, 'network.eth1.receive', 2, now)
  expect(asked).toEqual([
    {
      query: 'max by (device) (rate(node_network_receive_bytes_total{job="node"}[60s]))',
      start: String(grid.start),
      end: String(grid.end),
      step: '15',
    },
  ])
  expect(times).toHaveLength(grid.points)
  expect(Object.keys(series)).toEqual(['network.eth1.receive'])
  expect(series['network.eth1.receive']).toEqual([1.5, ...Array.from({ length: grid.points - 2 }, () => null), 3])
})

test('an answer of another shape is no Prometheus', async () => {
  const prometheus: Prometheus = { source: 'x', get: async () => ({ resultType: 'vector', result: [] }) }
  await expect(readRange(prometheus, 'cpu.busy', 5, 1e12)).rejects.toThrow('no matrix')
  expect(columnOf({ metric: {}, values: [] }, gridOf(1, 1e12)).every((value) => value === null)).toBe(true)
})
