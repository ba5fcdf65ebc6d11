import { valueTarget } from '../../lib/targets.ts'
import { makeClient, measure, sleep } from '../arena.ts'
import type { Child } from '../calls.ts'
import type { RunningServer } from '../contenders.ts'
import { latencies } from '../compete.ts'
import { dashboardLoad } from '../mixed.ts'
import type { Section } from '../section.ts'
import { broadcast } from '../broadcast.ts'
import type { Report } from '../subscribers.ts'
import { descriptorsOf, msUntil, rssOf, totalsOf, unharmed, withArena } from './stage.ts'

const stop = ({ pid }: Child): boolean => process.kill(pid, 'SIGSTOP')
const go = ({ pid }: Child): boolean => process.kill(pid, 'SIGCONT')

/** Memory after a full collection: without one it is a matter of when V8 cleaned up last, by tens of MB. */
async function heldBy(server: RunningServer): Promise<number> {
  await server.books()
  return rssOf(server)
}

/** F1: 50 of 1,000 stop reading under W2, half of them state, half events. */
export const f1: Section = (effort, { progress }) =>
  withArena(dashboardLoad, async (arena) => {
    const { server } = arena
    const [states, events] = [await makeClient(server, 'ours', 'state0'), await makeClient(server, 'ours', 'event0')]
    const firstEvent = dashboardLoad.topics.findIndex(({ name }) => name === 'event0')
    try {
      for (const client of [states, events]) {
        await client.call('open', { count: 25, pace: 400 })
        await client.call('begin')
      }
      const before = await measure(arena, dashboardLoad, effort)
      const rss = await heldBy(server)
      let [closed, growth, fresh] = [NaN, NaN, NaN]
      const during = await measure(arena, dashboardLoad, effort, async () => {
        progress(`F1: 50 readers stand still for ${effort.stallSeconds} s`)
        const began = performance.now()
        for (const client of [states, events]) stop(client)
        closed = await msUntil(async () => ((await totalsOf(server)).closes['3008'] ?? 0) >= 25, 30_000, 250)
        await sleep(Math.max(0, effort.stallSeconds * 1000 - (performance.now() - began)))
        growth = (await heldBy(server)) - rss
        const newest = (await server.numbers())[0] ?? 0
        for (const client of [states, events]) go(client)
        fresh = await msUntil(async () => (await states.call<number>('behind', newest)) === 0, 10_000)
      })
      await sleep(1500)
      const last = (await server.numbers())[firstEvent] ?? 0
      const seen = await events.call<Report>('report')
      const lost = seen.lost + seen.duplicated + (await events.call<number>('missing', last))
      return [
        unharmed('F1 event p99 of the others', 20, latencies([before], 1)(0.99), latencies([during], 1)(0.99)),
        unharmed('F1 state p99 of the others', 20, latencies([before], 0)(0.99), latencies([during], 0)(0.99)),
        valueTarget('F1 memory grown', 50 * 1.2, 'MB', growth),
        valueTarget('F1 readers of events closed with 3008', 12, 's', closed / 1000),
        valueTarget('F1 readers of state have the newest', 1, 's', fresh / 1000, 2),
        valueTarget('F1 readers of events, lost or twice', 0, '', lost, 0),
      ]
    } finally {
      await states.stop()
      await events.stop()
    }
  })

/** F2: the machines of 100 of 1,000 stand still: half-open connections. */
export const f2: Section = (_effort, { progress }) =>
  withArena(broadcast('event', 50, [], { count: 900 }), async ({ server }) => {
    const descriptors = descriptorsOf(server)
    const { connections } = await totalsOf(server)
    const sleepers = await makeClient(server, 'ours', 'event')
    try {
      await sleepers.call('open', { count: 100, pace: 400 })
      await server.start([{ label: 'event', from: 0, count: 1, rate: 50, bytes: 256 }])
      progress('F2: 100 machines stand still')
      stop(sleepers)
      const gone = await msUntil(async () => (await totalsOf(server)).connections === connections, 40_000, 200)
      const closed = await msUntil(() => descriptorsOf(server) <= descriptors + 2, 10_000, 200)
      return [
        valueTarget('F2 all 100 let go', 16, 's', gone / 1000),
        valueTarget('F2 their descriptors given back after that', 3, 's', closed / 1000),
      ]
    } finally {
      await sleepers.stop()
    }
  })
