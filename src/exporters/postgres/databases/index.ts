import { parseDuration } from '../../../lib/duration.ts'
import { sampleLine, type Exposition, type Metric } from '../../../lib/exposition.ts'
import type { Logger } from '../../../lib/logger.ts'
import type { Collector } from '../../exporter.ts'
import { kindNames, kinds, type Column, type KindName } from './columns.ts'
import type { DatabasesConfig } from './config.ts'
import type { ShownRow } from './rows.ts'
import { createRounds } from './rounds.ts'
import { createSchedule, type Schedule } from './schedule.ts'
import type { Server } from './server.ts'
import type { Snapshot } from './snapshot.ts'
import { writeRounds, writeStatus } from './status.ts'

/** Rounds that a value may be missed in before it is too old, when rounds are long. */
const missable = 3

/**
 * The collectors of what lies inside the databases. All of them serve the newest complete round of visits; rounds go
 * on in the background while somebody scrapes.
 */
export function createDatabaseCollectors(
  options: DatabasesConfig,
  server: Server,
  log: Logger,
): { readonly collectors: readonly Collector[]; stop(): Promise<void> } {
  if (!options.enabled) return { collectors: [], stop: () => Promise.resolve() }
  const interval = parseDuration(options.interval)
  const maxAge = parseDuration(options.max_age)
  const rounds = createRounds(
    server,
    {
      include: options.include,
      exclude: options.exclude,
      maxDatabases: options.max_databases,
      seriesBudget: options.series_budget,
      olderNames: options.older_names,
      statementTimeout: parseDuration(options.statement_timeout),
      interval,
      maxAge: () => Math.max(maxAge, missable * schedule.cadence),
    },
    log,
  )
  const schedule: Schedule = createSchedule(rounds, { interval, idle: parseDuration(options.idle) })
  const names = new Set(kindNames.flatMap((kind) => kinds[kind].map(({ collector }) => collector)))
  return {
    collectors: [
      createStatus(schedule),
      ...[...names].map((name) => createFamilies(name, schedule, options.older_names) as Collector),
    ],
    stop: () => schedule.stop(),
  }
}

function createStatus(schedule: Schedule): Collector {
  return {
    name: 'databases',
    read: (signal) => schedule.current(signal),
    write(reading, out) {
      writeRounds(schedule, out)
      writeStatus(reading as Snapshot, Date.now(), out)
    },
    writeFailure(_error, out) {
      writeRounds(schedule, out)
    },
  }
}

interface Lines {
  readonly metric: Metric
  readonly text: string
  readonly size: number
}

/** The families of one collector. Their lines are rendered once per snapshot, which several scrapes share. */
function createFamilies(name: string, schedule: Schedule, older: boolean): Collector<Snapshot> {
  const kind = kindNames.find((candidate) => kinds[candidate].some(({ collector }) => collector === name)) as KindName
  const columns = kinds[kind]
    .map((column: Column, i) => ({ column, i }))
    .filter(({ column }) => column.collector === name)
  let rendered: { readonly of: Snapshot; readonly lines: readonly Lines[] } | undefined

  function render(rows: readonly ShownRow[]): Lines[] {
    return columns.flatMap(({ column, i }) => {
      const spellings = older && column.older !== undefined ? [column.metric, column.older] : [column.metric]
      return spellings.map((metric) => linesOf(metric, rows, i))
    })
  }

  return {
    name,
    async read(signal) {
      const snapshot = await schedule.current(signal)
      const asked = snapshot.databases.length
      const answered = snapshot.databases.filter((held) => held.kinds[kind] !== undefined).length
      if (asked > 0 && answered === 0) throw snapshot.databases[0]?.failure ?? new Error('no database has answered')
      return snapshot
    },
    write(snapshot, out: Exposition) {
      if (rendered?.of !== snapshot) rendered = { of: snapshot, lines: render(snapshot.kinds[kind].rows) }
      for (const { metric, text, size } of rendered.lines) out.append(metric, text, size)
    },
  }
}

function linesOf(metric: Metric, rows: readonly ShownRow[], i: number): Lines {
  const lines: string[] = []
  for (const { labels, values } of rows) {
    const value = values[i] as number
    if (!Number.isNaN(value)) lines.push(sampleLine(metric.name, metric.labels, labels, value))
  }
  // Joined, so that the text is one piece in memory: concatenated, its pieces would be put together at every scrape.
  return { metric, text: lines.join(''), size: lines.length }
}
