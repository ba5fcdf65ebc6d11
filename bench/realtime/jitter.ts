import { ascending, quantile } from '../lib/statistics.ts'
import { fixed, table } from '../lib/table.ts'
import { valueTarget } from '../lib/targets.ts'
import { makeClient, sleep } from './arena.ts'
import type { Child } from './calls.ts'
import { labels, startServer } from './contenders.ts'
import type { Section } from './section.ts'
import type { ContenderName } from './servers/server.ts'
import type { Report } from './subscribers.ts'
import type { BenchTopic } from './workload.ts'

/** Each connection is cut so often, and away for so long, ms: the same for everybody. */
const jitterOf = { every: 15_000, offline: 2000 }
const rate = 10
const settle = 1500

/** What came of the subscribers of one topic. */
export interface Jittered {
  readonly label: string
  readonly cuts: number
  /** Messages that somebody should have, and those that nobody sent again. */
  readonly due: number
  readonly lost: number
  readonly duplicated: number
  /** p99 of ms from dialling until all that was missed is there. */
  readonly return: number
  readonly unrecovered: number
}

async function outcome(
  client: Child,
  label: string,
  { newest, count }: { newest: number; count: number },
): Promise<Jittered> {
  const { lost, duplicated, closes, returns, unrecovered } = await client.call<Report>('report')
  const state = label.endsWith('state')
  const missing = await client.call<number>(state ? 'behind' : 'missing', newest)
  return {
    label,
    cuts: closes,
    due: state ? count : newest * count,
    // Of class state only the last value counts; of the others every one.
    lost: state ? missing : lost + missing,
    duplicated: state ? 0 : duplicated,
    return: quantile(ascending(returns), 0.99),
    unrecovered,
  }
}

/** W6: everybody is cut again and again, each at a time of its own, while messages go on. */
export async function jitterBy(
  name: ContenderName,
  topics: readonly BenchTopic[],
  { seconds, clients }: { seconds: number; clients: number },
): Promise<readonly Jittered[]> {
  const server = await startServer(name, topics)
  const children: Child[] = []
  const count = Math.floor(clients / topics.length)
  try {
    for (const topic of topics) {
      const client = await makeClient(server, name, topic.name)
      children.push(client)
      await client.call('open', { count, pace: 400 })
      await client.call('begin')
    }
    await server.start(topics.map(({ name: label, class: kind }, i) => ({ label, from: i, count: 1, rate, bytes: 256, ...(kind === 'state' && { keys: 5 }) }))) // prettier-ignore
    for (const client of children) await client.call('jitter', jitterOf)
    await sleep(seconds * 1000)
    await Promise.all(children.map((client) => client.call('calm')))
    // Whoever was away as the last message was sent resumes too, and hears the next one.
    await sleep(1000)
    await server.stop()
    await sleep(settle)
    const numbers = await server.numbers()
    const found: Jittered[] = []
    for (const [i, client] of children.entries()) {
      const label = `${labels[name]}, ${topics[i]?.class}`
      found.push(await outcome(client, label, { newest: numbers[i] ?? 0, count }))
    }
    return found
  } finally {
    for (const client of children) await client.stop()
    await server.end()
  }
}

export const classes = (['alert', 'stream', 'event', 'state'] as const).map((name) => ({ name, class: name }))

export const jitterTable = (all: readonly Jittered[]): string =>
  table([
    ['', 'cuts', 'due', 'lost', 'delivered %', 'twice', 'told of loss', 'return p99 ms'],
    ...all.map(({ label, cuts, due, lost, duplicated, unrecovered, return: back }) => [label, cuts, due, lost, fixed(100 - (lost * 100) / due, 3), duplicated, unrecovered, fixed(back, 0)]), // prettier-ignore
  ])

export const jitter: Section = async ({ jitterSeconds: seconds }, output) => {
  const clients = 1000
  const all: Jittered[] = []
  for (const name of ['ws-send', 'socket.io', 'ours'] as const) {
    output.progress(`jitter: ${labels[name]}, ${seconds} s`)
    all.push(...(await jitterBy(name, name === 'ours' ? classes : [{ name: 'event', class: 'event' }], { seconds, clients }))) // prettier-ignore
  }
  output.print(`Jitter: ${clients} subscribers, each cut every 15 s and away for 2 s, for ${seconds} s, ${rate} messages/s a topic\n\n${jitterTable(all)}`) // prettier-ignore
  const ours = all.filter(({ label }) => label.startsWith(labels.ours))
  return [
    valueTarget('jitter, lost or twice', 0, '', ours.reduce((sum, { lost, duplicated }) => sum + lost + duplicated, 0), 0), // prettier-ignore
    valueTarget('jitter, return p99', 1000, 'ms', Math.max(...ours.map(({ return: back }) => back)), 0),
  ]
}
