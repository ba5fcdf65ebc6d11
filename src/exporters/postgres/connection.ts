import { UnavailableError } from '../../errors.ts'
import { createKept } from './kept.ts'
import type { Row, Session } from './session.ts'
import { createVisits } from './visits.ts'

export type { Row, Session } from './session.ts'

/**
 * Opens a session to one database of the server on the second of the exporter's two connections; waits while that one
 * is taken. The caller must `close()` it (or `destroy` it), which lets the next caller in.
 */
export type Connect = (database: string, signal: AbortSignal) => Promise<Session>

export interface ConnectionOptions {
  /** Connection URL, asked anew for each attempt; `undefined` while the server is not known yet. */
  readonly url: () => string | undefined
  readonly statementTimeout: number
  readonly lockTimeout: number
}

/** A statement, or how it reads on a given `server_version_num`; such a function must always be the same object. */
export type Sql = string | ((version: number) => string)

/** The exporter's connections to one server: one that is kept for scrapes, one for visits to other databases. */
export interface Connections {
  /** The kept session, (re)opened if needed; every caller of a tick waits for the same attempt. */
  readonly main: (signal: AbortSignal) => Promise<Session>
  /** Rows of one statement on the kept session. The same statement asked twice in one tick is sent once. */
  query(sql: Sql, signal: AbortSignal, values?: readonly string[]): Promise<readonly Row[]>
  /** Settles when no statement is under way or about to follow another. */
  idle(): Promise<void>
  /** How many statements and attempts to connect have failed so far. */
  readonly failures: number
  /** `host:port` of the newest session; empty before the first. */
  readonly server: string
  readonly connect: Connect
  stop(): Promise<void>
}

export function createConnections(options: ConnectionOptions): Connections {
  const kept = createKept(options)
  const visits = createVisits(options)
  const asked = new Map<Sql, Promise<readonly Row[]>>()
  const underWay = new Set<Promise<readonly Row[]>>()
  let failures = 0

  async function run(sql: Sql, signal: AbortSignal, values?: readonly string[]): Promise<readonly Row[]> {
    try {
      const session = await kept.get(signal)
      return await session.query(typeof sql === 'string' ? sql : sql(session.version), signal, values)
    } catch (error) {
      if (!(error instanceof UnavailableError)) failures++
      throw explained(error)
    }
  }

  function send(sql: Sql, signal: AbortSignal, values?: readonly string[]): Promise<readonly Row[]> {
    const rows = run(sql, signal, values)
    underWay.add(rows)
    const done = (): void => void underWay.delete(rows)
    rows.then(done, done)
    return rows
  }

  return {
    main: kept.get,
    query(sql, signal, values) {
      if (values !== undefined) return send(sql, signal, values)
      let rows = asked.get(sql)
      if (rows === undefined) {
        if (asked.size === 0) process.nextTick(() => asked.clear())
        asked.set(sql, (rows = send(sql, signal)))
      }
      return rows
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
    get server() {
      return kept.server
    },
    get failures() {
      return failures
    },
    connect: visits.connect,
    async stop() {
      await Promise.all([kept.stop(), visits.stop()])
    },
  }
}

/** The server names the object it refuses; what it does not say is which grant would help. */
function explained(error: unknown): unknown {
  const denied = error instanceof Error && 'code' in error && error.code === '42501'
  return denied ? new Error(`${error.message}: GRANT pg_monitor to the exporter's role`, { cause: error }) : error
}
