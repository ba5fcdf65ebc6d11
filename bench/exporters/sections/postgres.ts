import { compare, type Comparison, type Plan } from '../compare.ts'
import { makeOurs, makePostgresExporter, postgresExporter, watching, type Contender } from '../contenders.ts'
import { createDatabaseMeter } from '../database-meter.ts'
import type { PostgresServer } from '../postgres.ts'
import type { Pair } from '../../lib/statistics.ts'
import { comparisonTable, ratiosOf, sizeTable } from '../comparison-table.ts'
import { ratioTarget } from '../../lib/targets.ts'
import { withBoth } from '../with-both.ts'
import { blocks, paced, type Effort, type Output, type Section } from './section.ts'

const names = { ours: 'aura /metrics/postgres', theirs: 'postgres_exporter' }

// postgres_exporter 0.11 looks into no table and no statement unless told how; without these two we publish what it does.
const sameSeries = {
  AURA_EXPORTERS_POSTGRES_DATABASES_ENABLED: 'false',
  AURA_EXPORTERS_POSTGRES_STATEMENTS_ENABLED: 'false',
}

/** /metrics/postgres against postgres_exporter, both at the same server, at 6 and at 56 databases. */
export function createPostgresSection(server: PostgresServer | undefined): Section {
  return async (effort, output) => {
    if (server === undefined || postgresExporter === undefined) {
      const what = server === undefined ? 'PostgreSQL (postgresql)' : 'postgres_exporter (prometheus-postgres-exporter)'
      output.print(`PostgreSQL: skipped, ${what} is not installed`)
      return []
    }
    const peer = postgresExporter
    const few = ratiosOf(await at(6, server, peer, effort, output))
    const many = ratiosOf(await at(56, server, peer, effort, output))
    return [
      ratioTarget('PostgreSQL scrape p50, 6 databases', 0.6, few.p50),
      ratioTarget('PostgreSQL scrape p50, 56 databases', 0.5, many.p50),
      ratioTarget('PostgreSQL scrape p99, 6 databases', 0.6, few.p99),
      ratioTarget('PostgreSQL scrape p99, 56 databases', 0.6, many.p99),
      ratioTarget('PostgreSQL CPU per scrape, 6 databases', 0.5, few.cpu),
      ratioTarget('PostgreSQL CPU per scrape, 56 databases', 0.5, many.cpu),
    ]
  }
}

/** Returns the comparison with the same series on both sides: the one that the targets are about. */
async function at(
  databases: number,
  server: PostgresServer,
  peer: string,
  effort: Effort,
  { print, progress }: Output,
): Promise<Comparison> {
  progress(`PostgreSQL: making ${databases} databases`)
  await server.growTo(databases)
  const plan = blocks(effort, effort.postgresScrapes)
  const fewer = { repeats: Math.min(effort.repeats, 3) }
  const meter = createDatabaseMeter(server)
  const measure = async (title: string, sides: Pair<Contender>, changes: Partial<Plan>): Promise<Comparison> => {
    progress(`PostgreSQL, ${databases} databases: ${title}`)
    const comparison = await compare(sides, { ...plan, ...changes }, meter)
    print(`PostgreSQL with ${databases} databases, ${title}\n${comparisonTable(names, comparison)}`)
    return comparison
  }
  const both = (env: Record<string, string>) => ({
    ours: () =>
      makeOurs('postgres', '/metrics/postgres', { env: { ...watching(server), ...env }, complete: /^pg_up 1$/m }),
    theirs: () => makePostgresExporter(peer, server),
  })
  const same = await withBoth(both(sameSeries), async (sides) => {
    const comparison = await measure('the same series, one scraper', sides, {})
    print(sizeTable(names, comparison))
    await measure('the same series, 10 scrapers at the same time', sides, { ...fewer, concurrency: 10 })
    await measure('the same series, not compressed', sides, { ...fewer, headers: { 'accept-encoding': 'identity' } })
    return comparison
  })
  await withBoth(both({}), async (sides) => {
    print(sizeTable(names, await measure('ours with tables and statements too', sides, fewer)))
    await measure('ours with tables and statements too, one scrape a second (cold caches)', sides, paced(effort))
  })
  return same
}
