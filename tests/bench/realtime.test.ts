import { expect, test } from 'vitest'
import { choose } from '../../bench/lib/bench.ts'
import type { Round } from '../../bench/realtime/arena.ts'
import { cpuRatio, latencies, roundsTable, wrong } from '../../bench/realtime/compete.ts'
import { unharmed } from '../../bench/realtime/faults/stage.ts'
import { createPublisher } from '../../bench/realtime/publisher.ts'
import type { ContenderName, Message } from '../../bench/realtime/servers/server.ts'
import { createRegister, topicsOf } from '../../bench/realtime/servers/server.ts'
import { createTally } from '../../bench/realtime/tally.ts'
import { readersOf, series, type Workload } from '../../bench/realtime/workload.ts'

const round = (changes: Partial<Round>): Round => ({
  latencies: [Float64Array.of(1, 2, 3)],
  lost: [0],
  duplicated: [0],
  closes: 0,
  cpu: 10,
  serverLoad: 0.5,
  clientLoad: 0.3,
  others: 0,
  delay: null,
  ...changes,
})

test('sections: all, those that are named, and none that is not known', () => {
  expect(choose(['a', 'b'], undefined)).toEqual(['a', 'b'])
  expect(choose(['a', 'b'], 'b,a')).toEqual(['b', 'a'])
  expect(() => choose(['a', 'b'], 'a,c')).toThrow('no section is called c; there are a, b')
})

test('rounds in which the subscribers were the bottleneck do not count', () => {
  const busy = round({ latencies: [Float64Array.of(1000)], clientLoad: 0.8, cpu: 100 })
  const at = latencies([round({}), busy, round({ latencies: [Float64Array.of(9)] })])
  expect([at(0), at(1)]).toEqual([1, 9])
  expect(latencies([busy])(0.99)).toBeNaN()
  const rounds = new Map<ContenderName, readonly Round[]>([
    ['ours', [round({ cpu: 5 }), round({ cpu: 5 })]],
    ['ws-send', [round({ cpu: 10 }), busy]],
  ])
  expect(cpuRatio(rounds, 'ws-send')).toEqual({ value: 0.5, low: 0.5, high: 0.5 })
})

test('what is lost counts in every round, also where latencies do not', () => {
  expect(wrong([round({ lost: [2] }), round({ clientLoad: 0.9, duplicated: [1] })])).toBe(3)
})

const workload: Workload = {
  title: '',
  contenders: [],
  topics: series('t', 60, 'event'),
  loads: [
    { label: 'some', from: 0, count: 42, rate: 350, bytes: 256 },
    { label: 'more', from: 42, count: 18, rate: 150, bytes: 256 },
  ],
  audiences: [{ count: 1000, from: 0, topics: 60, each: 20 }],
}

test('subscribers of a topic, when each listens to some of them', () => {
  expect(workload.loads.map((load) => Math.round(readersOf(load, workload.audiences)))).toEqual([333, 333])
  expect(readersOf({ label: '', from: 60, count: 1, rate: 1, bytes: 1 }, workload.audiences)).toBe(0)
})

test('the table has a line for each load, and the floor as measure where there is one', () => {
  const two = { latencies: [Float64Array.of(1), Float64Array.of(2)], lost: [0, 0], duplicated: [0, 0] }
  const alone = roundsTable(workload, new Map([['ours', [round(two)]]]))
  expect(alone).toMatch(/bridge: some .*\n.*bridge: more/)
  expect(alone).not.toContain('x floor')
  const rounds = new Map<ContenderName, readonly Round[]>([
    ['floor', [round({ ...two, cpu: 5 })]],
    ['ours', [round({ ...two, cpu: 7.5 })]],
  ])
  expect(roundsTable(workload, rounds)).toMatch(/bridge: some .*1\.50\n/)
})

test('a publisher keeps its rate, in turn over its topics, with messages of the size that is asked for', async () => {
  const sent: [string, Message][] = []
  const publisher = createPublisher({ port: 0, publish: ({ name }, message) => void sent.push([name, message]) }, workload.topics) // prettier-ignore
  publisher.start([{ label: '', from: 1, count: 3, rate: 1000, bytes: 100 }])
  while (sent.length < 30) await new Promise((resolve) => setTimeout(resolve, 5))
  publisher.stop()
  expect(publisher.sent()).toEqual([sent.length])
  expect(sent.slice(0, 4).map(([name, { n, i }]) => [name, n, i])).toEqual([
    ['t1', 1, 1],
    ['t2', 1, 2],
    ['t3', 1, 3],
    ['t1', 2, 1],
  ])
  expect(JSON.stringify(sent[7]?.[1])).toHaveLength(100)
  expect(publisher.numbers().reduce((sum, n) => sum + n, 0)).toBe(sent.length)
})

test('who listens to what, by the address', () => {
  const register = createRegister<string>()
  const names = topicsOf('/?EIO=4&topics=a,b')
  register.add(names, 'ada')
  register.add(['b'], 'bob')
  expect([[...register.of('a')], [...register.of('b')], [...register.of('c')]]).toEqual([['ada'], ['ada', 'bob'], []])
  register.drop(names, 'ada')
  expect([...register.of('b')]).toEqual(['bob'])
  expect(topicsOf(undefined)).toEqual([])
})

const line = (n: number) => `{"push":{"pub":{"data":{"v":{"n":${n},"t":5,"i":0,"p":""}}}}}`

test('every message of a frame is counted, and nothing that lies behind it', () => {
  const tally = createTally()
  const inside = [line(1), line(2), line(4)].join('\n')
  const bytes = Buffer.from(`${inside}${line(5)}`)
  expect(tally.frame({ last: 0 }, { bytes, start: 0, end: Buffer.byteLength(inside) }, 105)).toBe(3)
  expect([tally.delivered, tally.lost, tally.duplicated, tally.samples]).toEqual([3, 1, 0, [100, 100, 100]])
})

test('harm is more than so many per cent, and more than 2 ms', () => {
  expect(unharmed('', 20, 100, 120).met).toBe(true)
  expect(unharmed('', 20, 100, 121).met).toBe(false)
  expect(unharmed('', 20, 1, 3).met).toBe(true)
  expect(unharmed('', 20, 1, 3.1).met).toBe(false)
  expect(unharmed('', 20, Number.NaN, 3).met).toBe(false)
})
