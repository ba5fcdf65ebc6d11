import type { Connections, Row } from './connection.ts'
import { requireStatistics } from './instance.ts'
import { label, num } from './row.ts'

/** One server process as pg_stat_activity shows it; ages in seconds. Our own session is left out. */
export interface Process {
  readonly pid: string
  readonly database: string
  readonly user: string
  readonly application: string
  readonly backendType: string
  readonly state: string
  readonly waitType: string
  readonly wait: string
  readonly transactionAge: number | undefined
  readonly stateAge: number | undefined
  /** Start of its transaction, seconds since the epoch. */
  readonly transactionStart: number | undefined
  /** `autovacuum: VACUUM public.t`, for autovacuum workers only. */
  readonly autovacuum: string | undefined
  /** Seconds it has waited for a heavyweight lock; undefined when it does not wait for one. */
  readonly lockWait: number | undefined
  /** Processes that hold, or wait ahead for, the lock this one wants; `0` is a prepared transaction. */
  readonly blockedBy: readonly string[]
}

/** pg_locks.waitstart exists since 14; before, the start of the statement is the best bound. */
const waitStart = (version: number): string =>
  version >= 140_000
    ? 'coalesce((select min(l.waitstart) from pg_locks l where l.pid = a.pid and not l.granted), a.query_start)'
    : 'a.query_start'

// CASE keeps the two costly expressions away from the many processes that wait for nothing.
const sql = (version: number): string => `select pid, datname, usename, application_name, backend_type, state,
  wait_event_type, wait_event,
  extract(epoch from clock_timestamp() - xact_start)::float8, extract(epoch from clock_timestamp() - state_change)::float8,
  extract(epoch from xact_start)::float8,
  case when backend_type = 'autovacuum worker' then query end,
  case when wait_event_type = 'Lock' then extract(epoch from clock_timestamp() - ${waitStart(version)})::float8 end,
  case when wait_event_type = 'Lock' then array_to_string(pg_blocking_pids(pid), ',') end
from pg_stat_activity a where pid <> pg_backend_pid()`

export function parseProcess(row: Row): Process {
  const blockers = row[13]
  return {
    pid: label(row[0]),
    database: label(row[1]),
    user: label(row[2]),
    application: label(row[3]),
    backendType: label(row[4]),
    state: label(row[5]),
    waitType: label(row[6]),
    wait: label(row[7]),
    transactionAge: num(row[8]),
    stateAge: num(row[9]),
    transactionStart: num(row[10]),
    autovacuum: row[11] ?? undefined,
    lockWait: num(row[12]),
    blockedBy: blockers === null || blockers === undefined || blockers === '' ? [] : [...new Set(blockers.split(','))],
  }
}

/** All server processes: one statement per scrape, shared by every collector that looks at sessions. */
export async function readActivity(db: Connections, signal: AbortSignal): Promise<readonly Process[]> {
  const [rows] = await Promise.all([db.query(sql, signal), requireStatistics(db, signal)])
  return rows.map(parseProcess)
}
