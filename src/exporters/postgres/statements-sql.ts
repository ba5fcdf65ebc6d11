import type { Connections } from './connection.ts'
import type { Extension } from './extension.ts'

/** Columns were renamed: execution time in 1.8 (PostgreSQL 13), block times in 1.11 (17). */
function columns({ version: [, minor] }: Extension): { time: string; read: string; write: string } {
  const block = minor >= 11 ? 'shared_blk' : 'blk'
  return {
    time: minor >= 8 ? 'total_exec_time' : 'total_time',
    read: `${block}_read_time`,
    write: `${block}_write_time`,
  }
}

/**
 * First row: sums over all statements; then the `top` by time, and those named by $1 whatever their rank. Without the
 * texts, which the server would have to read from a file of any size.
 */
export function statementsSql(extension: Extension, top: number): string {
  const { time, read, write } = columns(extension)
  return `with s as materialized (
  select userid, dbid, queryid, sum(calls) as calls, sum(${time}) / 1000 as seconds, sum(rows) as rows,
    sum(${read}) / 1000 as block_read, sum(${write}) / 1000 as block_write
  from ${extension.schema}.pg_stat_statements(false) where queryid is not null group by 1, 2, 3),
k as (select *, concat(userid, '/', dbid, '/', queryid) as key from s),
t as ((select * from k order by seconds desc, key limit ${top}) union select * from k where key = any ($1::text[]))
select count(*)::text, null, null, null, coalesce(sum(calls), 0), coalesce(sum(seconds), 0), coalesce(sum(rows), 0),
  coalesce(sum(block_read), 0), coalesce(sum(block_write), 0) from s
union all select key, pg_get_userbyid(userid)::text, coalesce(datname::text, dbid::text), queryid::text, calls, seconds, rows, block_read, block_write
from t left join pg_database d on d.oid = t.dbid`
}

/** Texts of statements by id, read once for each that appears among those shown, and only if texts are wanted. */
export function createTexts(
  db: Connections,
  length: number,
): { of(extension: Extension, ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> } {
  let known = new Map<string, string>()
  return {
    async of(extension, ids, signal) {
      const missing = ids.filter((id) => !known.has(id))
      const kept = new Map(ids.flatMap((id) => (known.has(id) ? [[id, known.get(id) ?? '']] : [])))
      if (missing.length > 0) {
        const sql = `select queryid, left(min(query), ${length}) from ${extension.schema}.pg_stat_statements(true)
          where queryid = any ($1::int8[]) group by 1`
        for (const [id, text] of await db.query(sql, signal, [`{${missing.join(',')}}`])) kept.set(id ?? '', text ?? '')
      }
      known = kept
      return kept
    },
  }
}
