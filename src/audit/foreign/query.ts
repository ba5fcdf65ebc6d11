import { sql } from 'kysely'
import type { Db } from '../../database/schema.ts'
import { parseEntry } from './read-line.ts'

/** What may be asked for; all of it must hold. Times are ms since the epoch. */
export interface ForeignFilter {
  /** Name of a source, or the path of a file. */
  readonly source?: string
  readonly actor?: string
  /** Exact, or with `*` at its end all that begin alike. */
  readonly action?: string
  readonly object?: string
  /** When it was read; `until` is not included. */
  readonly from?: number
  readonly until?: number
  readonly bad?: boolean
  /** Free text over the line, upper and lower case alike. */
  readonly q?: string
  /** Older than this line. */
  readonly before?: string
  readonly limit: number
}

export interface ForeignRow {
  readonly id: string
  readonly source: string
  readonly path: string
  readonly readAt: number
  /** The object of the line, or the line itself where it is none. */
  readonly entry: Readonly<Record<string, unknown>> | undefined
  readonly line: string
  readonly at: number | undefined
  readonly actor: string | undefined
  readonly action: string | undefined
  readonly object: string | undefined
}

const literal = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`)
const pattern = (text: string): string => (text.endsWith('*') ? `${literal(text.slice(0, -1))}%` : literal(text))

/** Longest time a search may take, ms: a free text that is nowhere reads everything. */
const searchTime = 15_000

function selected(db: Db, filter: ForeignFilter) {
  const { source, actor, action, object, from, until, bad, q, before, limit } = filter
  let query = db.selectFrom('aura.foreign_line').selectAll().orderBy('id', 'desc').limit(limit)
  if (source !== undefined) query = query.where((eb) => eb.or([eb('source', '=', source), eb('path', '=', source)]))
  if (actor !== undefined) query = query.where('actor', '=', actor)
  if (action !== undefined) query = query.where('action', 'like', pattern(action))
  if (object !== undefined) query = query.where('object', 'like', pattern(object))
  if (from !== undefined) query = query.where('read_at', '>=', new Date(from))
  if (until !== undefined) query = query.where('read_at', '<', new Date(until))
  if (bad !== undefined) query = query.where('bad', '=', bad)
  if (q !== undefined) query = query.where('line', 'ilike', `%${literal(q)}%`)
  if (before !== undefined) query = query.where('id', '<', before)
  return query
}

/** Newest first. */
export function foreignPage(db: Db, filter: ForeignFilter): Promise<ForeignRow[]> {
  return db.transaction().execute(async (tx) => {
    await sql`set local statement_timeout = ${sql.lit(searchTime)}`.execute(tx)
    const rows = await selected(tx, filter).execute()
    return rows.map((row) => ({
      id: row.id,
      source: row.source,
      path: row.path,
      readAt: row.read_at.getTime(),
      entry: row.bad ? undefined : parseEntry(row.line),
      line: row.line,
      at: row.at?.getTime(),
      actor: row.actor ?? undefined,
      action: row.action ?? undefined,
      object: row.object ?? undefined,
    }))
  })
}

export interface ForeignSummary {
  readonly name: string
  readonly files: number
  /** Read so far; more than are kept. */
  readonly lines: number
  readonly badLines: number
}

export async function foreignSources(db: Db): Promise<ForeignSummary[]> {
  const rows = await db
    .selectFrom('aura.foreign_file')
    .select((eb) => [
      'source',
      eb.fn.countAll<string>().as('files'),
      eb.fn.sum<string>('lines').as('lines'),
      eb.fn.sum<string>('bad_lines').as('bad'),
    ])
    .groupBy('source')
    .orderBy('source')
    .execute()
  return rows.map(({ source, files, lines, bad }) => {
    return { name: source, files: Number(files), lines: Number(lines), badLines: Number(bad) }
  })
}
