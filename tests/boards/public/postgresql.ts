const settings = [
  'max_connections',
  'shared_buffers_bytes',
  'effective_cache_size_bytes',
  'maintenance_work_mem_bytes',
  'work_mem_bytes',
  'max_wal_size_bytes',
  'random_page_cost',
  'seq_page_cost',
  'max_worker_processes',
  'max_parallel_workers',
]

const database = [
  'xact_commit',
  'xact_rollback',
  'tup_returned',
  'tup_fetched',
  'tup_inserted',
  'tup_updated',
  'tup_deleted',
  'blks_hit',
  'blks_read',
  'conflicts',
  'deadlocks',
  'temp_bytes',
]

const writer = ['alloc', 'backend', 'backend_fsync', 'checkpoint', 'clean'].map((part) => `buffers_${part}_total`)

/** Names of metrics that board 9628, "PostgreSQL Database", asks the exporter for. */
export const postgresql: readonly string[] = [
  'pg_static',
  'pg_postmaster_start_time_seconds',
  'pg_stat_activity_count',
  'pg_locks_count',
  ...settings.map((name) => `pg_settings_${name}`),
  ...database.map((name) => `pg_stat_database_${name}`),
  ...writer.map((name) => `pg_stat_bgwriter_${name}`),
  'pg_stat_bgwriter_checkpoint_write_time_total',
  'pg_stat_bgwriter_checkpoint_sync_time_total',
]

/** What it and board 1860 ask of the process that exports. */
export const exporterProcess: readonly string[] = [
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'process_virtual_memory_bytes',
  'process_virtual_memory_max_bytes',
  'process_open_fds',
  'process_max_fds',
]
