import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHistory } from '../../../src/features/lib/history.ts'
import { wantedSeries } from '../../../src/features/lib/query.ts'

const sample = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'd'),
  fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
)

test('for any sequence of samples the columns are those of a plain list, cut to the capacity', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(sample, { maxLength: 20 }), (capacity, samples) => {
      const history = createHistory(capacity)
      samples.forEach((one, i) => history.add((i + 1) * 10, one))
      const { times, series } = history.since(0)
      const kept = samples.slice(-capacity)
      expect(times).toEqual(samples.map((_, i) => (i + 1) * 10).slice(-capacity))
      for (const name of ['a', 'b', 'c', 'd']) {
        const column = kept.map((one) => one[name] ?? null)
        // A series without a value left may still be there, as unknown throughout.
        if (column.some((value) => value !== null)) expect(series[name]).toEqual(column)
        else expect(series[name] ?? column).toEqual(column)
      }
    }),
  )
})

test('only what is younger, of the series asked for; times rise', () => {
  const history = createHistory(10)
  for (const time of [10, 20, 20, 15, 30]) history.add(time, { 'cpu.busy': time, 'load.load1': 1 })
  expect(history.since(10)).toEqual({ times: [20, 30], series: { 'cpu.busy': [20, 30], 'load.load1': [1, 1] } })
  expect(history.since(0, wantedSeries('cpu.*'))).toEqual({ times: [10, 20, 30], series: { 'cpu.busy': [10, 20, 30] } })
  expect(Object.keys(history.since(0, wantedSeries('load.load1,nothing')).series)).toEqual(['load.load1'])
  expect(Object.keys(history.since(0, wantedSeries(undefined)).series)).toHaveLength(2)
})

test('devices that come and go do not grow it without end', () => {
  const history = createHistory(3)
  for (let i = 0; i < 2000; i++) history.add(i + 1, { [`network.veth${i}.receive`]: 1, steady: 1 })
  const { series } = history.since(0)
  expect(Object.keys(series).length).toBeLessThan(10)
  expect(series['steady']).toEqual([1, 1, 1])
})
