import { compare, type Comparison, type Plan } from '../compare.ts'
import { makeOurs, makePostgresExporter, postgresExporter, watching, type Contender } from '../contenders.ts'
import { createDatabaseMeter } from '../database-meter.ts'
import type { PostgresServer } from '../postgres.ts'
import type { Pair } from '../statistics.ts'
import { comparisonTable, ratiosOf, sizeTable } from '../table.ts'
import { ratioTarget } from '../targets.ts'
import { withBoth } from '../with-both.ts'
import { blocks, paced, type Effort, type Output, type Section } from './section.ts'

const names = { ours: 'aura /metrics/postgres', theirs: 'postgres_exporter' }

/** /metrics/postgres against postgres_exporter, both at the same server, at 6 and at 56 databases. */
export function createPostgresSection(server: PostgresServer | undefined): Section {
  return async (effort, output) => {
    if (server === undefined || postgresExporter === undefined) {
      const what = server === undefined ? 'PostgreSQL (postgresql)' : 'postgres_exporter (prometheus-postgres-exporter)'
      output.print(`PostgreSQL: skipped, ${what} is not installed`)
      return []
    }
    const few = await at(6, server, postgresExporter, effort, output)
    const many = await at(56, server, postgresExporter, effort, output)
    const p99 = { few: ratiosOf(few), many: ratiosOf(many) }
    return [
      ratioTarget('PostgreSQL scrape p50, 6 databases', 0.6, p99.few.p50),
      ratioTarget('PostgreSQL scrape p50, 56 databases', 0.5, p99.many.p50),
      ratioTarget('PostgreSQL scrape p99, 6 databases', 0.6, p99.few.p99),
      ratioTarget('PostgreSQL scrape p99, 56 databases', 0.6, p99.many.p99),
      ratioTarget('PostgreSQL CPU per scrape, 6 databases', 0.5, p99.few.cpu),
      ratioTarget('PostgreSQL CPU per scrape, 56 databases', 0.5, p99.many.cpu),
    ]
  }
}

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
  const meter = createDatabaseMeter(server)
  const measure = async (title: string, sides: Pair<Contender>, changes: Partial<Plan>): Promise<Comparison> => {
    progress(`PostgreSQL, ${databases} databases: ${title}`)
    const comparison = await compare(sides, { ...plan, ...changes }, meter)
    print(`PostgreSQL with ${databases} databases, ${title}\n${comparisonTable(names, comparison)}`)
    return comparison
  }
  const both = {
    ours: () => makeOurs('postgres', '/metrics/postgres', { env: watching(server), complete: /^pg_up 1$/m }),
    theirs: () => makePostgresExporter(peer, server),
  }
  return withBoth(both, async (sides) => {
    const comparison = await measure('one scraper over loopback', sides, {})
    print(sizeTable(names, comparison))
    const fewer = { repeats: Math.min(effort.repeats, 3) }
    await measure('10 scrapers at the same time', sides, { ...fewer, concurrency: 10 })
    await measure('both asked not to compress', sides, { ...fewer, headers: { 'accept-encoding': 'identity' } })
    await measure('one scrape a second (cold caches)', sides, paced(effort))
    return comparison
  })
}
