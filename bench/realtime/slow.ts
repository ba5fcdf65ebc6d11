import { fixed, table } from '../lib/table.ts'
import { valueTarget } from '../lib/targets.ts'
import { makeArena, measure, sleep, type Round } from './arena.ts'
import { latencies } from './compete.ts'
import { labels, present } from './contenders.ts'
import type { Effort, Section } from './section.ts'
import type { ContenderName } from './servers/server.ts'
import type { Workload } from './workload.ts'

/** W7: 50 that stop reading, of a topic that outruns the kernel's buffers, beside 950 that read alerts. */
const load: Workload = {
  title:
    'Slow readers: 50 stop reading a topic of 100 messages/s of 4 kB, beside 950 subscribers to 50 alerts/s of 256 B',
  contenders: ['bun', 'ws-send', 'socket.io', 'ours'],
  topics: [
    { name: 'alert', class: 'alert' },
    { name: 'bulk', class: 'event' },
  ],
  loads: [
    { label: 'alert', from: 0, count: 1, rate: 50, bytes: 256 },
    { label: 'bulk', from: 1, count: 1, rate: 100, bytes: 4000 },
  ],
  audiences: [
    { count: 950, from: 0, topics: 1, each: 1 },
    { count: 50, from: 1, topics: 1, each: 1 },
  ],
}

interface Slowed {
  readonly before: Round
  readonly during: Round
  /** MB that the server's memory grew by. */
  readonly growth: number
}

async function slowDown(name: ContenderName, effort: Effort): Promise<Slowed> {
  const arena = await makeArena(name, load)
  try {
    const before = await measure(arena, load, effort)
    const slowest = arena.watchers[1]?.pid ?? 0
    const { rss } = await arena.server.report()
    let growth = NaN
    const during = await measure(arena, load, effort, async () => {
      process.kill(slowest, 'SIGSTOP')
      await sleep(effort.slowSeconds * 1000)
      growth = ((await arena.server.report()).rss - rss) / 1e6
      process.kill(slowest, 'SIGCONT')
    })
    return { before, during, growth }
  } finally {
    await arena.stop()
  }
}

export const slow: Section = async (effort, output) => {
  const rows: (string | number)[][] = [
    ['', 'alert p99 ms before', 'while they stand still', 'memory grew, MB', 'closed'],
  ]
  const found = new Map<ContenderName, Slowed>()
  for (const name of present(load.contenders)) {
    output.progress(`slow: ${labels[name]}`)
    const slowed = await slowDown(name, effort)
    found.set(name, slowed)
    const { before, during, growth } = slowed
    rows.push([labels[name], fixed(latencies([before])(0.99), 1), fixed(latencies([during])(0.99), 1), fixed(growth, 1), during.closes]) // prettier-ignore
  }
  output.print(`${load.title}, for ${effort.slowSeconds} s\n\n${table(rows)}`)
  const ours = found.get('ours')
  if (ours === undefined) return []
  return [
    valueTarget('slow readers, alert p99 of the others', 50, 'ms', latencies([ours.during])(0.99)),
    valueTarget('slow readers, memory grown', 50 * 1.2, 'MB', ours.growth),
  ]
}
