import { counter, gauge, type Metric } from '../../../lib/exposition.ts'

/**
 * One column of a kind of object, and the family it becomes. Counters and gauges can be summed over objects; a `time`
 * (seconds since the epoch, absent when it never happened) cannot.
 */
export interface Column {
  readonly metric: Metric
  /** A second spelling of the same family, published only on request. */
  readonly older?: Metric
  readonly sum: 'counter' | 'gauge' | 'none'
  readonly sql: string
  /** Name of the collector that publishes the family. */
  readonly collector: string
}

const table = ['datname', 'schemaname', 'relname']
const index = [...table, 'indexrelname']
const routine = ['datname', 'schemaname', 'funcname']

function columns(collector: string, prefix: string, labels: readonly string[]) {
  return {
    counter: (name: string, help: string, sql: string): Column => ({
      metric: counter(`${prefix}_${name}`, help, ...labels),
      sum: 'counter',
      sql,
      collector,
    }),
    gauge: (name: string, help: string, sql: string): Column => ({
      metric: gauge(`${prefix}_${name}`, help, ...labels),
      sum: 'gauge',
      sql,
      collector,
    }),
    time: (name: string, help: string, sql: string): Column => ({
      metric: gauge(`${prefix}_${name}`, help, ...labels),
      sum: 'none',
      sql: `extract(epoch FROM ${sql})`,
      collector,
    }),
  }
}

const t = columns('stat_user_tables', 'pg_stat_user_tables', table)

const statTables: readonly Column[] = [
  t.counter('seq_scan', 'Number of sequential scans initiated on this table', 's.seq_scan'),
  t.counter('seq_tup_read', 'Number of live rows fetched by sequential scans', 's.seq_tup_read'),
  t.counter('idx_scan', 'Number of index scans initiated on this table', 's.idx_scan'),
  t.counter('idx_tup_fetch', 'Number of live rows fetched by index scans', 's.idx_tup_fetch'),
  t.counter('n_tup_ins', 'Number of rows inserted', 's.n_tup_ins'),
  t.counter('n_tup_upd', 'Number of rows updated', 's.n_tup_upd'),
  t.counter('n_tup_del', 'Number of rows deleted', 's.n_tup_del'),
  t.counter(
    'n_tup_hot_upd',
    'Number of rows HOT updated (i.e., with no separate index update required)',
    's.n_tup_hot_upd',
  ),
  t.gauge('n_live_tup', 'Estimated number of live rows', 's.n_live_tup'),
  t.gauge('n_dead_tup', 'Estimated number of dead rows', 's.n_dead_tup'),
  t.gauge('n_mod_since_analyze', 'Estimated number of rows changed since last analyze', 's.n_mod_since_analyze'),
  t.time(
    'last_vacuum',
    'Last time this table was vacuumed by hand (VACUUM FULL apart); absent: never',
    's.last_vacuum',
  ),
  t.time('last_autovacuum', 'Last time this table was vacuumed by autovacuum; absent: never', 's.last_autovacuum'),
  t.time('last_analyze', 'Last time this table was analyzed by hand; absent: never', 's.last_analyze'),
  t.time('last_autoanalyze', 'Last time this table was analyzed by autovacuum; absent: never', 's.last_autoanalyze'),
  t.counter('vacuum_count', 'Number of times this table was vacuumed by hand (VACUUM FULL apart)', 's.vacuum_count'),
  t.counter('autovacuum_count', 'Number of times this table was vacuumed by autovacuum', 's.autovacuum_count'),
  t.counter('analyze_count', 'Number of times this table was analyzed by hand', 's.analyze_count'),
  t.counter('autoanalyze_count', 'Number of times this table was analyzed by autovacuum', 's.autoanalyze_count'),
  t.gauge(
    'index_size_bytes',
    'Disk space of all indexes of this table, in bytes; absent while it is locked exclusively',
    's.index_size',
  ),
  t.gauge(
    'table_size_bytes',
    'Disk space of this table without its indexes, in bytes; absent while it is locked exclusively',
    's.table_size',
  ),
]

const io = columns('statio_user_tables', 'pg_statio_user_tables', table)

function blocks(part: string, verb: 'read' | 'hit', what: string): Column {
  const help = `Number of ${verb === 'read' ? 'disk blocks read from' : 'buffer hits in'} ${what}`
  return {
    ...io.counter(`${part}_blocks_${verb}`, help, `i.${part}_blks_${verb}`),
    older: counter(`pg_statio_user_tables_${part}_blks_${verb}`, help, ...table),
  }
}

const statioTables: readonly Column[] = [
  ['heap', 'this table'] as const,
  ['idx', 'all indexes on this table'] as const,
  ['toast', "this table's TOAST table (if any)"] as const,
  ['tidx', "this table's TOAST table indexes (if any)"] as const,
].flatMap(([part, what]) => [blocks(part, 'read', what), blocks(part, 'hit', what)])

const x = columns('stat_user_indexes', 'pg_stat_user_indexes', index)
const xio = columns('statio_user_indexes', 'pg_statio_user_indexes', index)
const f = columns('stat_user_functions', 'pg_stat_user_functions', routine)

/** The kinds of objects that get a row of series each, or a share in the row called `other`. */
export const kinds = {
  tables: [...statTables, ...statioTables],
  indexes: [
    x.counter('idx_scans_total', 'Number of index scans initiated on this index', 's.idx_scan'),
    x.counter('idx_tup_reads_total', 'Number of index entries returned by scans on this index', 's.idx_tup_read'),
    x.counter(
      'idx_tup_fetches_total',
      'Number of live table rows fetched by simple index scans using this index',
      's.idx_tup_fetch',
    ),
    x.gauge('size_bytes', 'Disk space of this index, in bytes; absent while it is locked exclusively', 's.index_size'),
    xio.counter('idx_blks_read_total', 'Number of disk blocks read from this index', 'i.idx_blks_read'),
    xio.counter('idx_blks_hit_total', 'Number of buffer hits in this index', 'i.idx_blks_hit'),
  ],
  functions: [
    f.counter('calls_total', 'Number of calls of functions of this name', 's.calls'),
    f.counter('time_seconds_total', 'Time in functions of this name and in what they called', 's.total_time / 1000'),
    f.counter('self_time_seconds_total', 'Time in functions of this name themselves', 's.self_time / 1000'),
  ],
} as const satisfies Record<string, readonly Column[]>

export type KindName = keyof typeof kinds
export const kindNames = Object.keys(kinds) as KindName[]

/** Labels besides `datname` of a row of this kind. */
export const ownLabels = (kind: KindName): number => kinds[kind][0].metric.labels.length - 1
