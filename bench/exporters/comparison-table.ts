import type { Comparison, Run } from './compare.ts'
import type { PageSize } from './page.ts'
import {
  ascending,
  createRandom,
  median,
  quantile,
  ratio,
  ratioOfFigures,
  summarise,
  type Estimate,
  type Pair,
  type Side,
} from '../lib/statistics.ts'
import { estimate, fixed, table, type Row } from '../lib/table.ts'

/** The ratios that targets are about. */
export interface Ratios {
  readonly p50: Estimate
  readonly p99: Estimate
  readonly cpu: Estimate
  /** Exporter and database sessions together. */
  readonly cpuWithDatabase: Estimate | undefined
}

export function ratiosOf({ repeats }: Comparison): Ratios {
  const random = createRandom(1)
  const latencies = repeats.map(({ ours, theirs }) => ({ ours: ours.latencies, theirs: theirs.latencies }))
  const at = (q: number): Estimate => ratio(latencies, (samples) => quantile(ascending(samples), q), random)
  const of = (figure: (run: Run) => number): Estimate =>
    ratioOfFigures(repeats.map(({ ours, theirs }) => ({ ours: figure(ours), theirs: figure(theirs) })))
  const measured = repeats[0]?.ours.databaseCpu !== undefined
  return {
    p50: at(0.5),
    p99: at(0.99),
    cpu: of(({ cpu }) => cpu),
    cpuWithDatabase: measured ? of(together) : undefined,
  }
}

const together = ({ cpu, databaseCpu }: Run): number => cpu + (databaseCpu ?? NaN)

/** One comparison as lines: both sides, then their ratio. */
export function comparisonTable(names: Pair<string>, comparison: Comparison): string {
  const ratios = ratiosOf(comparison)
  const withDatabase = ratios.cpuWithDatabase !== undefined
  const head = ['', 'n', 'p50 ms', 'p90 ms', 'p99 ms', 'max ms', 'CPU ms']
  const line = (side: Side): Row => [
    names[side],
    ...timings(
      comparison.repeats.map((pair) => pair[side]),
      withDatabase,
    ),
  ]
  const last = ['ratio', '', estimate(ratios.p50), '', estimate(ratios.p99), '', estimate(ratios.cpu)]
  const database = ratios.cpuWithDatabase ? ['', estimate(ratios.cpuWithDatabase)] : []
  const heads = withDatabase ? [...head, 'PostgreSQL CPU ms', 'sum'] : head
  return table([heads, line('ours'), line('theirs'), [...last, ...database]])
}

function timings(runs: readonly Run[], withDatabase: boolean): string[] {
  const { count, p50, p90, p99, max } = summarise(runs.flatMap(({ latencies }) => latencies))
  const cpu = median(runs.map((run) => run.cpu))
  const database = median(runs.map(({ databaseCpu }) => databaseCpu ?? NaN))
  const figures = [p50, p90, p99, max, cpu, ...(withDatabase ? [database, cpu + database] : [])]
  return [String(count), ...figures.map((value) => fixed(value))]
}

/** Pages and memory of both sides. */
export function sizeTable(names: Pair<string>, { page, memory }: Comparison): string {
  const line = (side: Side): Row => [
    names[side],
    ...pageCells(page[side]),
    fixed(memory[side].resident, 1),
    fixed(memory[side].peak, 1),
  ]
  return table([['', 'families', 'series', 'bytes', 'bytes sent', 'RSS MB', 'peak MB'], line('ours'), line('theirs')])
}

const pageCells = ({ families, series, bytes, sent }: PageSize): Row => [families, series, bytes, sent]
