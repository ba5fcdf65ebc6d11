import { rawClient } from '../../../tests/support/raw-client.ts'
import { ascending, quantile } from '../../lib/statistics.ts'
import { valueTarget } from '../../lib/targets.ts'
import { makeClient, measure, sleep } from '../arena.ts'
import { latencies, roundsTable } from '../compete.ts'
import { startServer } from '../contenders.ts'
import { classes, jitterBy, jitterTable } from '../jitter.ts'
import type { Section } from '../section.ts'
import type { Report } from '../subscribers.ts'
import type { Workload } from '../workload.ts'
import { holds, msUntil, withArena } from './stage.ts'

const event = { name: 'event', class: 'event' } as const
const load = { label: 'event', from: 0, count: 1, rate: 50, bytes: 256 }
const thousand = 1000

/** F8, first part: the server is killed and started again; what it kept in memory is gone, and everybody is told. */
export const f8: Section = async (_effort, { progress }) => {
  let server = await startServer('ours', [event])
  const client = await makeClient(server, 'ours', 'event')
  try {
    await client.call('open', { count: thousand, pace: 400 })
    await server.start([load])
    await sleep(2000)
    await client.call('begin')
    progress('F8: the server is killed and started again')
    const { port } = server
    await server.end()
    server = await startServer('ours', [event], port)
    await server.start([load])
    const back = await msUntil(
      async () => (await client.call<Report>('report')).arrivals.length >= thousand,
      30_000,
      50,
    )
    const { unrecovered } = await client.call<Report>('report')
    return [
      holds('F8 told that history is gone', `all ${thousand}`, unrecovered >= thousand, String(unrecovered)),
      valueTarget('F8 all back after the start', 3, 's', back / 1000),
    ]
  } finally {
    await client.stop()
    await server.end()
  }
}

/** The most within any second. */
function busiest(arrivals: readonly number[]): number {
  const sorted = ascending(arrivals)
  let from = 0
  return sorted.reduce((most, at, i) => {
    while (at - (sorted[from] ?? 0) > 1000) from++
    return Math.max(most, i - from + 1)
  }, 0)
}

/** F9: all sockets killed at once. The bench's subscribers wait as the protocol's client does. */
export const f9: Section = async ({ storms }, { progress }) => {
  const server = await startServer('ours', [event])
  const client = await makeClient(server, 'ours', 'event')
  const found: { p99: number; busiest: number; first: number; wrong: number }[] = []
  try {
    await client.call('open', { count: thousand, pace: 400 })
    await server.start([load])
    for (let i = 0; i < storms; i++) {
      progress(`F9: storm ${i + 1} of ${storms}`)
      await sleep(2000)
      await client.call('begin')
      const ms = await client.call<number>('cut')
      await sleep(1000)
      const { arrivals, lost, duplicated } = await client.call<Report>('report')
      const began = Math.max(...arrivals) - ms
      const after = ascending(arrivals.map((at) => at - began))
      const first = (100 * after.filter((at) => at <= 1000).length) / thousand
      found.push({ p99: quantile(after, 0.99), busiest: busiest(arrivals), first, wrong: lost + duplicated })
    }
    const newest = await server.stop()
    await sleep(1000)
    const missing = await client.call<number>('missing', newest)
    const most = (of: (each: (typeof found)[number]) => number): number => Math.max(...found.map(of))
    return [
      valueTarget('F9 99 of 100 are back', 5, 's', most(({ p99 }) => p99) / 1000),
      // 500 and a burst of 100; those who count are the clients, and what they see is shifted by a few ms.
      valueTarget('F9 let in within the busiest second', 600 * 1.05, '', most((each) => each.busiest), 0), // prettier-ignore
      valueTarget('F9 share of the first second', 60, '%', most((each) => each.first), 0), // prettier-ignore
      valueTarget('F9 lost or twice', 0, '', missing + most(({ wrong }) => wrong), 0),
    ]
  } finally {
    await client.stop()
    await server.end()
  }
}

/** F10: W6. */
export const f10: Section = async ({ jitterSeconds: seconds }, { print, progress }) => {
  progress(`F10: jitter, ${seconds} s`)
  const all = await jitterBy('ours', classes, { seconds, clients: thousand })
  print(`F10: ${thousand} subscribers cut every 15 s and away for 2 s, for ${seconds} s\n\n${jitterTable(all)}`)
  return [
    ...all.map(({ label, lost, duplicated }) =>
      valueTarget(`F10 ${label}, lost or twice`, 0, '', lost + duplicated, 0),
    ),
    valueTarget('F10 return p99', 1, 's', Math.max(...all.map(({ return: back }) => back)) / 1000, 2),
  ]
}

const bulk: Workload = {
  title: 'Bulk beyond what can be sent, and alerts',
  contenders: [],
  topics: [
    { name: 'alert', class: 'alert' },
    { name: 'state', class: 'state' },
  ],
  loads: [
    { label: 'alert', from: 0, count: 1, rate: 10, bytes: 256 },
    // 300,000 a second to all of them: three times what one core can write one by one.
    { label: 'state', from: 1, count: 1, rate: 300, bytes: 256, keys: 50 },
  ],
  audiences: [{ count: thousand, from: 0, topics: 2, each: 2 }],
}

/** F15: bulk at three times the capacity of one core; the way of an alert, and of a command and its answer. */
export const f15: Section = (effort, { print, progress }) =>
  withArena(bulk, async (arena) => {
    progress('F15: bulk at three times the capacity')
    const trips: number[] = []
    using raw = await rawClient(`ws://127.0.0.1:${arena.server.port}/connection/websocket`)
    const round = await measure(arena, bulk, effort, async () => {
      for (const end = performance.now() + effort.seconds * 1000; performance.now() < end;) {
        const began = performance.now()
        const answered = new Promise((resolve) => raw.socket.once('message', resolve))
        raw.send({ id: trips.length + 2, rpc: { method: 'rt', data: { t0: 1 } } })
        await answered
        trips.push(performance.now() - began)
        await sleep(100)
      }
    })
    print(`F15: ${bulk.title}\n\n${roundsTable(bulk, new Map([['ours', [round]]]))}`)
    return [
      valueTarget('F15 alert p99', 50, 'ms', latencies([round], 0)(0.99)),
      valueTarget('F15 command and answer p99', 20, 'ms', quantile(ascending(trips), 0.99)),
    ]
  })
