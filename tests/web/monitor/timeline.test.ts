import { array, assert, integer, oneof, property, uniqueArray } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { databaseSample, sampleOf } from '../../../web/src/features/monitor/samples.ts'
import { createTimeline, historyColumns, shifted } from '../../../web/src/features/monitor/timeline.ts'
import { mainDevices } from '../../../web/src/features/monitor/main-devices.ts'
import { seriesOf as databaseSeriesOf } from '../../../src/features/database/series.ts'
import { seriesOf } from '../../../src/features/system/series.ts'
import { database, databaseDown, failing, system, withGpu } from './readings.ts'

const everything = Number.NEGATIVE_INFINITY

describe('timeline', () => {
  it('continues what the server remembered with what arrived meanwhile', () => {
    const timeline = createTimeline(900_000)
    timeline.push(20_000, { 'cpu.busy': 0.2 })
    timeline.push(30_000, { 'cpu.busy': 0.3 })
    timeline.load({ times: [10_000, 20_000], series: { 'cpu.busy': [0.1, 0.25] } })
    const drawn = timeline.since(everything)
    expect(drawn.times).toEqual([10_000, 20_000, 30_000])
    expect(drawn.column('cpu.busy')).toEqual([0.1, 0.25, 0.3])
    expect(drawn.column('never.seen')).toEqual([null, null, null])
  })

  it('takes a moment once: the second time replaces, an earlier one is dropped', () => {
    const timeline = createTimeline(900_000)
    timeline.push(2000, { a: 1 })
    timeline.push(2000, { a: 2 })
    timeline.push(1000, { a: 3 })
    expect(timeline.since(everything).times).toEqual([2000])
    expect(timeline.since(everything).column('a')).toEqual([2])
  })

  it('leaves a gap where nothing was known for long, and none at the pace of an unwatched machine', () => {
    const timeline = createTimeline(900_000)
    for (const time of [0, 10_000, 70_000, 72_000]) timeline.push(time, { a: 1 })
    expect(timeline.since(everything).column('a')).toEqual([1, 1, null, 1, 1])
  })

  it('forgets what is older than it keeps', () => {
    const timeline = createTimeline(100_000)
    for (let time = 0; time <= 1_000_000; time += 1000) timeline.push(time, { a: time })
    const { times } = timeline.since(everything)
    expect(times.length).toBeLessThan(200)
    expect(times.at(-1)).toBe(1_000_000)
    expect(times[0]).toBeLessThanOrEqual(900_000)
  })

  it('has rising times and columns of their length, whatever arrives in whatever order', () => {
    const time = integer({ min: 0, max: 500_000 })
    const action = oneof(
      time.map((at) => ({ push: at })),
      uniqueArray(time, { maxLength: 20 }).map((times) => ({ load: times.toSorted((a, b) => a - b) })),
    )
    assert(
      property(array(action, { maxLength: 30 }), (actions) => {
        const timeline = createTimeline(200_000)
        for (const step of actions) {
          if ('push' in step) timeline.push(step.push, { a: step.push })
          else timeline.load({ times: step.load, series: { a: [...step.load] } })
        }
        const drawn = timeline.since(everything)
        const { times } = drawn
        expect(drawn.column('a')).toHaveLength(times.length)
        expect(times.slice(1).every((at, index) => at > (times.at(index) ?? Infinity))).toBe(true)
      }),
    )
  })
})

describe('names of the series', () => {
  it.each([
    ['plain', system],
    ['with a GPU', withGpu],
    ['with a failing source', failing],
  ])('are those of the server: %s', (_, reading) => {
    expect(sampleOf(reading)).toEqual(seriesOf(reading))
  })

  it.each([
    ['up', database],
    ['down', databaseDown],
  ])('of a database that is %s are those of the server', (_, reading) => {
    expect(databaseSample(reading)).toEqual(databaseSeriesOf(reading))
  })
})

it('a history moves to the clock of this browser as a whole', () => {
  const moved = shifted({ times: [1000, 2000], series: { a: [1, null] } }, -500)
  expect(historyColumns(moved).times).toEqual([500, 1500])
  expect(historyColumns(moved).column('a')).toEqual([1, null])
})

it('the graphs show the devices with the most traffic in the time shown, and not who leads right now', () => {
  const timeline = createTimeline(900_000)
  timeline.push(1000, {
    'disk.vda.read': 500,
    'disk.vdb.read': 1,
    'network.lo.receive': 9e9,
    'network.eth0.receive': 1,
  })
  expect(mainDevices(system, timeline.since(everything))).toEqual({ disk: 'vda', network: 'eth0' })
})
