import { gauge, type Metric } from '../../../lib/exposition.ts'

/** A short list of the objects most in need of attention, one series each. */
export interface WatchList {
  readonly metric: Metric
  /** Rows of id, labels after `datname` (n0, n1, …) and value. */
  readonly sql: string
}

const table = ['datname', 'schemaname', 'relname']
const index = [...table, 'indexrelname']

// has_table_privilege rather than has_sequence_privilege, which fails when the planner tries it on other relations.
// The type of a column that owns the sequence may end before the sequence does.
const sequences = `SELECT c.oid::bigint AS id, n.nspname::text AS n0, c.relname::text AS n1,
    CASE WHEN q.seqincrement > 0 THEN (coalesce(last, low) - low) / nullif(high - low, 0)
      ELSE (high - coalesce(last, high)) / nullif(high - low, 0) END AS value
  FROM pg_sequence q JOIN pg_class c ON c.oid = q.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN LATERAL (SELECT min(CASE a.atttypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 END) AS widest
      FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
        AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')) owner ON true,
    LATERAL (SELECT q.seqmin::numeric AS low, least(q.seqmax, widest)::numeric AS high,
      CASE WHEN has_table_privilege(c.oid, 'SELECT') THEN pg_sequence_last_value(c.oid) END::numeric AS last) range
  WHERE c.relpersistence <> 't' AND NOT q.seqcycle AND has_table_privilege(c.oid, 'SELECT')`

const ages = `SELECT c.oid::bigint AS id, n.nspname::text AS n0, c.relname::text AS n1,
    greatest(age(c.relfrozenxid), age(toast.relfrozenxid))::numeric AS value
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid AND toast.relfrozenxid <> '0'
  WHERE c.relkind IN ('r', 'm') AND c.relfrozenxid <> '0' AND c.relpersistence <> 't'`

const indexes = (value: string, where: string): string =>
  `SELECT p.indexrelid::bigint AS id, n.nspname::text AS n0, t.relname::text AS n1, c.relname::text AS n2, ${value} AS value
  FROM pg_index p JOIN pg_class c ON c.oid = p.indexrelid JOIN pg_class t ON t.oid = p.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)' AND c.relkind = 'i' AND ${where}`

/** The lists, by the name under which their choices are remembered. */
export const watchLists = {
  sequences: {
    metric: gauge(
      'pg_sequence_used_ratio',
      'Share of its range that a sequence has used up, or of the range of the column that owns it; the fullest only.',
      'datname',
      'schemaname',
      'sequencename',
    ),
    sql: sequences,
  },
  ages: {
    metric: gauge(
      'pg_table_xid_age',
      'Transactions since the oldest unfrozen row of a table (TOAST included); the oldest tables only.',
      ...table,
    ),
    sql: ages,
  },
  invalid: {
    metric: gauge(
      'pg_index_invalid',
      'Always 1: an index that no query can use, as a failed CREATE INDEX CONCURRENTLY leaves it.',
      ...index,
    ),
    sql: indexes('1::numeric', 'NOT p.indisvalid'),
  },
  unused: {
    metric: gauge(
      'pg_index_unused_size_bytes',
      'Size, as of its last vacuum, of an index that was never scanned and enforces nothing; the largest only.',
      ...index,
    ),
    sql: indexes(
      "c.relpages::numeric * current_setting('block_size')::numeric",
      'p.indisvalid AND NOT p.indisunique AND pg_stat_get_numscans(p.indexrelid) = 0 AND c.relpages > 1',
    ),
  },
} as const satisfies Record<string, WatchList>

export type WatchName = keyof typeof watchLists
export const watchNames = Object.keys(watchLists) as WatchName[]

/** The `limit` highest of a list and those in `kept`: id, value, labels. */
export function watchSql(name: WatchName, limit: number, kept: readonly number[]): string {
  const { metric, sql } = watchLists[name]
  const labels = metric.labels.slice(1).map((_, i) => `n${i}`)
  return `SELECT id, value, ${labels.join(', ')} FROM (
    SELECT *, row_number() OVER (ORDER BY value DESC, id) AS rank FROM (${sql}) w WHERE value IS NOT NULL) r
  WHERE rank <= ${limit} OR id = ANY ('{${kept.join(',')}}')`
}

/** Sequences whose state the role may not see: pg_monitor does not include it, SELECT on them does. */
export const unreadableSequencesSql = `SELECT count(*) FROM pg_sequence
  WHERE NOT has_table_privilege(seqrelid, 'SELECT')`
