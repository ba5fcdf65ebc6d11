import type { Connections } from './connection.ts'

/** What several collectors need to know about the server before they read. */
export interface Instance {
  /** `server_version_num`. */
  readonly version: number
  readonly inRecovery: boolean
  /** Changes whenever settings may have changed: restart, reload, promotion, new session. */
  readonly settingsKey: string
  /** Seconds since the epoch. */
  readonly startTime: number
  /** May see other roles' sessions and statements. */
  readonly readsStatistics: boolean
  readonly role: string
}

const sql = `select pg_is_in_recovery(), extract(epoch from pg_postmaster_start_time())::float8,
  pg_conf_load_time()::text, pg_backend_pid(), pg_has_role('pg_read_all_stats', 'usage'), current_user`

/** One small statement, sent once per scrape however many collectors ask. */
export async function readInstance(db: Connections, signal: AbortSignal): Promise<Instance> {
  const [[rows], session] = await Promise.all([db.query(sql, signal), db.main(signal)])
  const [recovery, start, loaded, pid, reads, role] = rows ?? []
  return {
    version: session.version,
    inRecovery: recovery === 't',
    settingsKey: [recovery, start, loaded, pid].join(' '),
    startTime: Number(start),
    readsStatistics: reads === 't',
    role: role ?? '',
  }
}

/** Without this right the views hide what other sessions do and every number would be quietly wrong. */
export async function requireStatistics(db: Connections, signal: AbortSignal): Promise<void> {
  const { readsStatistics, role } = await readInstance(db, signal)
  if (!readsStatistics) {
    throw new Error(`role "${role}" may not see other sessions: GRANT pg_monitor TO "${role}"`)
  }
}
