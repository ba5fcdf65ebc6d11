import type { OutgoingHttpHeaders } from 'node:http'
import type { Client } from './client.ts'
import type { Contender } from './contenders.ts'
import { sizeOf, type PageSize } from './page.ts'
import { cpuOfTree, memoryOf, type Memory } from './process-stat.ts'
import { sleep } from './program.ts'
import { schedule, type Pair, type Side } from '../lib/statistics.ts'

/** What one side did in one repeat. */
export interface Run {
  /** Milliseconds of each scrape. */
  readonly latencies: readonly number[]
  /** Milliseconds of CPU per scrape: the exporter and its children. */
  readonly cpu: number
  /** The same of the database sessions it uses, where that is known. */
  readonly databaseCpu: number | undefined
}

export interface Comparison {
  readonly repeats: readonly Pair<Run>[]
  readonly page: Pair<PageSize>
  /** After the last repeat. */
  readonly memory: Pair<Memory>
}

export interface Plan {
  readonly repeats: number
  /** Per side and repeat. */
  readonly scrapes: number
  readonly block: number
  /** Scrapers at work at the same time. */
  readonly concurrency: number
  readonly warmUps: number
  /** Instead of blocks: one scrape per side each so many ms, the two sides half of that apart. */
  readonly pace?: number
  readonly headers?: OutgoingHttpHeaders
}

/** Seconds of CPU that each side's database sessions have used so far; only differences mean something. */
export type DatabaseMeter = () => Promise<() => Promise<Pair<number>>>

type Latencies = Record<Side, number[]>

/** Scrapes both sides in interleaved blocks; neither is idle while the other is measured for long. */
export async function compare(sides: Pair<Contender>, plan: Plan, meter?: DatabaseMeter): Promise<Comparison> {
  const clients = { ours: sides.ours.client(plan.headers), theirs: sides.theirs.client(plan.headers) }
  try {
    await warmUp(clients, plan.warmUps)
    const repeats: Pair<Run>[] = []
    for (let i = 0; i < plan.repeats; i++) repeats.push(await repeat(sides, clients, plan, meter))
    const page = { ours: sizeOf(await clients.ours.scrape()), theirs: sizeOf(await clients.theirs.scrape()) }
    return { repeats, page, memory: { ours: memoryOf(sides.ours.pid), theirs: memoryOf(sides.theirs.pid) } }
  } finally {
    clients.ours.close()
    clients.theirs.close()
  }
}

async function warmUp(clients: Pair<Client>, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await clients.ours.scrape()
    await clients.theirs.scrape()
  }
}

async function repeat(
  sides: Pair<Contender>,
  clients: Pair<Client>,
  plan: Plan,
  meter: DatabaseMeter | undefined,
): Promise<Pair<Run>> {
  const databaseSince = await meter?.()
  const before = { ours: cpuOfTree(sides.ours.pid), theirs: cpuOfTree(sides.theirs.pid) }
  const latencies = await (plan.pace === undefined ? inBlocks(clients, plan) : paced(clients, plan.scrapes, plan.pace))
  // Work put off until after the answer (garbage collection, say) counts too.
  await sleep(200)
  const used = (side: Side): number => cpuOfTree(sides[side].pid) - before[side]
  const cpu = { ours: used('ours'), theirs: used('theirs') }
  const database = await databaseSince?.()
  const run = (side: Side): Run => {
    const perScrape = (seconds: number): number => (seconds * 1000) / latencies[side].length
    const databaseCpu = database === undefined ? undefined : perScrape(database[side])
    return { latencies: latencies[side], cpu: perScrape(cpu[side]), databaseCpu }
  }
  return { ours: run('ours'), theirs: run('theirs') }
}

async function inBlocks(clients: Pair<Client>, { scrapes, block, concurrency }: Plan): Promise<Latencies> {
  const latencies: Latencies = { ours: [], theirs: [] }
  for (const side of schedule(scrapes, block)) {
    let left = block
    const scraper = async (): Promise<void> => {
      while (left-- > 0) latencies[side].push((await clients[side].scrape()).milliseconds)
    }
    await Promise.all(Array.from({ length: concurrency }, scraper))
  }
  return latencies
}

async function paced(clients: Pair<Client>, scrapes: number, interval: number): Promise<Latencies> {
  const latencies: Latencies = { ours: [], theirs: [] }
  for (let i = 0; i < scrapes; i++) {
    for (const side of ['ours', 'theirs'] as const) {
      const { milliseconds } = await clients[side].scrape()
      latencies[side].push(milliseconds)
      await sleep(Math.max(0, interval / 2 - milliseconds))
    }
  }
  return latencies
}
