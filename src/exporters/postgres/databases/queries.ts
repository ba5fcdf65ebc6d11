import { kinds, ownLabels, type Column, type KindName } from './columns.ts'

/** Databases of the server, and why one is not to be visited. Templates hold nothing of their own by convention. */
export const discoverySql = `SELECT oid::bigint, datname, CASE
    WHEN NOT datallowconn OR datconnlimit = -2 THEN 'closed'
    WHEN datistemplate THEN 'template'
    WHEN NOT has_database_privilege(oid, 'CONNECT') THEN 'privilege' END
  FROM pg_database ORDER BY oid`

/**
 * Relations whose size cannot be asked now: the size functions wait for a lock, and one table under ALTER TABLE must
 * not cost us all the others.
 */
const blocked = `blocked AS MATERIALIZED (
    WITH held AS MATERIALIZED (
      SELECT relation AS id FROM pg_locks WHERE locktype = 'relation' AND mode = 'AccessExclusiveLock'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
    SELECT id FROM held
    UNION SELECT indrelid FROM pg_index JOIN held ON indexrelid = id
    UNION SELECT oid FROM pg_class JOIN held ON reltoastrelid = id)`

const unlessBlocked = (id: string, size: string): string =>
  `CASE WHEN ${id} NOT IN (SELECT id FROM blocked) THEN ${size} END`

interface Source {
  /** Further CTEs that `from` uses. */
  readonly with: string
  readonly id: string
  readonly names: readonly string[]
  readonly from: string
  readonly size: string
  readonly activity: string
  /** Aggregates that only the row of totals carries. */
  readonly extras: readonly string[]
}

const sources: Record<KindName, Source> = {
  tables: {
    with: `${blocked}, stat AS (SELECT *,
        ${unlessBlocked('relid', 'pg_indexes_size(relid)')} AS index_size,
        ${unlessBlocked('relid', 'pg_table_size(relid)')} AS table_size FROM pg_stat_user_tables)`,
    id: 's.relid',
    names: ['s.schemaname', 's.relname'],
    from: 'stat s LEFT JOIN pg_statio_user_tables i USING (relid)',
    size: 's.table_size + s.index_size',
    activity:
      's.seq_tup_read + coalesce(s.idx_tup_fetch, 0) + s.n_tup_ins + s.n_tup_upd + s.n_tup_del + s.seq_scan + coalesce(s.idx_scan, 0)',
    extras: [],
  },
  indexes: {
    with: `${blocked}, stat AS (SELECT x.*, p.indisvalid, p.indisunique,
        CASE WHEN x.relid NOT IN (SELECT id FROM blocked) AND x.indexrelid NOT IN (SELECT id FROM blocked)
          THEN pg_table_size(x.indexrelid) END AS index_size
        FROM pg_stat_user_indexes x JOIN pg_index p USING (indexrelid))`,
    id: 's.indexrelid',
    names: ['s.schemaname', 's.relname', 's.indexrelname'],
    from: 'stat s LEFT JOIN pg_statio_user_indexes i USING (indexrelid)',
    size: 's.index_size',
    activity: 's.idx_scan + s.idx_tup_read',
    extras: [
      'count(*) FILTER (WHERE NOT indisvalid)',
      'count(*) FILTER (WHERE indisvalid AND NOT indisunique AND idx_scan = 0)',
    ],
  },
  functions: {
    // Functions of one name differ by their arguments only, which are no label: they share a row.
    with: `stat AS (SELECT min(funcid) AS funcid, schemaname, funcname, sum(calls) AS calls, sum(total_time) AS total_time,
        sum(self_time) AS self_time FROM pg_stat_user_functions GROUP BY schemaname, funcname)`,
    id: 's.funcid',
    names: ['s.schemaname', 's.funcname'],
    from: 'stat s',
    size: 's.calls',
    activity: 's.total_time',
    extras: [],
  },
}

const flags = ['s.indisvalid', 's.indisunique', 's.idx_scan']

/** How many columns stand before the first metric: id, names, size, activity. */
export const lead = (kind: KindName): number => ownLabels(kind) + 3

/**
 * The rows of one kind that may deserve series of their own (the `limit` largest, the `limit` busiest, and those in
 * `kept`), then one row, with a null id, of totals over all: its first name is the number of objects, its last columns
 * are the extras. Temporary tables are in the totals only: their names come and go.
 */
export function rowsSql(kind: KindName, limit: number, kept: readonly number[]): string {
  const { with: ctes, id, names, from, size, activity, extras } = sources[kind]
  const columns: readonly Column[] = kinds[kind]
  const cells = columns.map((_, i) => `c${i}`)
  const named = names.map((_, i) => `n${i}`)
  const extraSources = extras.length === 0 ? '' : `, ${flags.join(', ')}`
  const nulls = extras.map(() => ', NULL::numeric').join('')
  return `WITH ${ctes}, o AS MATERIALIZED (SELECT ${id}::bigint AS id, ${names.map((name, i) => `${name}::text AS n${i}`).join(', ')},
    (${size})::numeric AS size, (${activity})::numeric AS activity,
    ${columns.map((column, i) => `(${column.sql})::numeric AS c${i}`).join(', ')}${extraSources} FROM ${from}),
  r AS (SELECT *, row_number() OVER (ORDER BY size DESC NULLS LAST, id) AS by_size,
    row_number() OVER (ORDER BY activity DESC NULLS LAST, id) AS by_activity FROM o
    WHERE NOT starts_with(n0, 'pg_temp_'))
SELECT id, ${named.join(', ')}, size, activity, ${cells.join(', ')}${nulls} FROM r
  WHERE by_size <= ${limit} OR by_activity <= ${limit} OR id = ANY ('{${kept.join(',')}}')
UNION ALL SELECT NULL, count(*)::text${', NULL'.repeat(named.length - 1)}, sum(size), sum(activity),
  ${columns.map((column, i) => (column.sum === 'none' ? 'NULL' : `sum(c${i})`)).join(', ')}${extras.map((sql) => `, ${sql}`).join('')} FROM o`
}
