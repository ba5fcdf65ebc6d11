import { counter, gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections, Row } from '../connection.ts'
import { choose, nothingShown } from '../databases/sticky.ts'
import { findExtension } from '../extension.ts'
import { requireStatistics } from '../instance.ts'
import { createOtherBucket, type Counted, type Totals } from '../other-bucket.ts'
import { label } from '../row.ts'
import { createTexts, statementsSql } from '../statements-sql.ts'

const statements = (name: string, help: string) =>
  counter(`pg_stat_statements_${name}_total`, help, 'user', 'datname', 'queryid')

/** In the order of `Totals`. */
export const metrics = {
  calls: statements('calls', 'Number of times executed'),
  seconds: statements('seconds', 'Total time spent in the statement, in seconds'),
  rows: statements('rows', 'Total number of rows retrieved or affected by the statement'),
  blockRead: statements('block_read_seconds', 'Total time the statement spent reading blocks, in seconds'),
  blockWrite: statements('block_write_seconds', 'Total time the statement spent writing blocks, in seconds'),
}

export const details = {
  text: gauge('pg_stat_statements_query_id', 'SQL Query to queryid mapping', 'queryid', 'query'),
  known: gauge(
    'pg_stat_statements_known',
    'Statements that pg_stat_statements knows of; all but the top share queryid="other".',
  ),
}

const width = Object.keys(metrics).length

export interface StatementsOptions {
  readonly top: number
  readonly text: boolean
  readonly textLength: number
}

export interface Statement extends Counted {
  readonly user: string
  readonly database: string
  readonly queryId: string
}

export interface Statements {
  readonly shown: readonly Statement[]
  /** Of all that are not shown, since this process began. */
  readonly other: Totals
  readonly known: number
  readonly texts: ReadonlyMap<string, string>
}

const totalsOf = (row: Row): Totals => row.slice(4, 4 + width).map(Number)

/** The first row holds the sums over all statements, with their number in place of a key. */
export function parseStatements(rows: readonly Row[]): { all: Totals; known: number; candidates: Statement[] } {
  const [sums = [], ...rest] = rows
  const candidates = rest.map((row) => ({
    key: label(row[0]),
    user: label(row[1]),
    database: label(row[2]),
    queryId: label(row[3]),
    totals: totalsOf(row),
  }))
  return { all: totalsOf(sums), known: Number(sums[0]), candidates }
}

/** The costliest statements with series of their own, chosen so that series rarely change; all others in one bucket. */
export function createStatStatements(db: Connections, options: StatementsOptions): Collector<Statements> {
  let choice = nothingShown
  const bucket = createOtherBucket(width)
  const texts = createTexts(db, options.textLength)

  async function read(signal: AbortSignal): Promise<Statements> {
    const [extension] = await Promise.all([
      findExtension(db, 'pg_stat_statements', signal),
      requireStatistics(db, signal),
    ])
    const keys = `{${[...choice.shown].map((key) => `"${key}"`).join(',')}}`
    const rows = await db.query(statementsSql(extension, options.top), signal, [keys])
    const { all, known, candidates } = parseStatements(rows)
    const scored = candidates.map(({ key, totals }) => ({ key, score: totals[1] ?? 0 }))
    choice = choose(scored, choice, { capacity: options.top, cost: width, allowance: width })
    const shown = candidates.filter(({ key }) => choice.shown.has(key))
    const ids = shown.map(({ queryId }) => queryId)
    return {
      shown,
      other: bucket.update(all, shown),
      known,
      texts: options.text ? await texts.of(extension, ids, signal) : new Map(),
    }
  }

  return {
    name: 'stat_statements',
    read,
    write({ shown, other, known, texts: texts_ }, out) {
      Object.values(metrics).forEach((metric, i) => {
        for (const { user, database, queryId, totals } of shown) out.set(metric, totals[i], user, database, queryId)
        if (known > shown.length) out.set(metric, other[i], '', '', 'other')
      })
      out.set(details.known, known)
      for (const [queryId, text] of texts_) out.set(details.text, 1, queryId, text)
    },
  }
}
