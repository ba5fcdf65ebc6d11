import type { FaultName } from '../../src/demo/faults/index.ts'

/** Sums the series of a page that have this name and these labels; undefined if there is none. */
export function sum(text: string, name: string, labels = ''): number | undefined {
  const found = text
    .split('\n')
    .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(labels))
    .map((line) => Number(line.split(' ').at(-1)))
  return found.length === 0 ? undefined : found.reduce((total, value) => total + value, 0)
}

/** Where a fault shows: a page, a number on it, and from where on that number is wrong. */
export interface Shown {
  readonly page: 'host' | 'gpu' | 'postgres' | 'ollama' | ''
  readonly value: (text: string) => number | undefined
  readonly above: number
  /** It counts: the number is compared with what it was before, and never goes back. */
  readonly counts?: true
}

const of = (page: Shown['page'], above: number, name: string, labels?: string): Shown => ({
  page,
  above,
  value: (text) => sum(text, name, labels),
})
const more = (page: Shown['page'], above: number, name: string, labels?: string): Shown => ({
  ...of(page, above, name, labels),
  counts: true,
})

/** Something that should be 1 and is 0. */
const lost = (page: Shown['page'], name: string): Shown => ({
  page,
  above: 0,
  value: (text) => 1 - (sum(text, name) ?? 1),
})
const share = (page: Shown['page'], above: number, part: string, whole: string, labels?: string): Shown => ({
  page,
  above,
  value: (text) => (sum(text, part, labels) ?? 0) / (sum(text, whole, labels) ?? Infinity),
})

/** What each fault makes of the metrics; `clients` where only those notice who ask (see fault-runner.test.ts). */
export const shown: Readonly<Record<FaultName, readonly Shown[] | 'clients'>> = {
  'gpu-hot': [of('gpu', 85, 'gpu_temperature_celsius'), of('gpu', 95, 'gpu_memory_temperature_celsius')],
  'gpu-throttled': [of('gpu', 0, 'gpu_throttle_active', 'hw_thermal_slowdown')],
  'gpu-errors': [of('gpu', 0, 'gpu_ecc_errors_total', 'severity="uncorrected",scope="volatile"')],
  'gpu-full': [share('gpu', 0.95, 'gpu_memory_used_bytes', 'gpu_memory_total_bytes')],
  'gpu-hangs': [lost('gpu', 'gpu_up')],
  'gpu-lost': [lost('gpu', 'gpu_up')],
  'ollama-down': [lost('ollama', 'ollama_up')],
  'ollama-slow': [of('ollama', 1, 'ollama_scrape_collector_duration_seconds', 'version')],
  'ollama-busy': 'clients',
  'ollama-crawls': 'clients',
  'ollama-spilled': [of('ollama', 0.5, 'ollama_model_spill_ratio')],
  'ollama-thrash': [more('ollama', 2, 'ollama_model_load_total')],
  'pg-blocked': [of('postgres', 1, 'pg_blocking_blocked_sessions')],
  'pg-deadlocks': [more('postgres', 1, 'pg_stat_database_deadlocks', 'datname="aura"')],
  'pg-connections': [share('postgres', 0.8, 'pg_stat_activity_count', 'pg_settings_max_connections')],
  'pg-long-transaction': [
    of('postgres', 5, 'pg_stat_activity_max_tx_duration', 'datname="aura",state="active"'),
    of('postgres', 5, 'pg_stat_activity_max_tx_duration', 'datname="aura",state="idle in transaction"'),
  ],
  'pg-dead-rows': [of('postgres', 10_000, 'pg_stat_user_tables_n_dead_tup', 'relname="never_vacuumed"')],
  'disk-full': [of('host', 0, 'node_filesystem_size_bytes', 'device="aura-demo"')],
  'cpu-busy': [more('host', 0.5, 'node_cpu_seconds_total', 'mode="nice"')],
  'sign-ins-refused': [more('', 5, 'aura_sign_ins_total', 'outcome="failure"')],
  'checkpoints-stuck': [of('', 0, 'aura_audit_checkpoint_undelivered')],
  'sockets-storm': [more('', 3, 'aura_bridge_closes_total', 'code="3012"'), more('', 20, 'aura_bridge_connections')],
}
