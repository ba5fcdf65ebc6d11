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

/** The exporter's connections to one server: one that is kept for scrapes, one for visits to other databases. */
export interface Connections {
  /** The kept session, (re)opened if needed; every caller of a tick waits for the same attempt. */
  readonly main: (signal: AbortSignal) => Promise<Session>
  /** Rows of one statement on the kept session. The same statement asked twice in one tick is sent once. */
  query(sql: string, signal: AbortSignal): Promise<readonly Row[]>
  /** How many statements and attempts to connect have failed so far. */
  readonly failures: number
  readonly connect: Connect
  stop(): Promise<void>
}

export function createConnections(options: ConnectionOptions): Connections {
  const kept = createKept(options)
  const visits = createVisits(options)
  const asked = new Map<string, Promise<readonly Row[]>>()
  let failures = 0

  async function send(sql: string, signal: AbortSignal): Promise<readonly Row[]> {
    try {
      const session = await kept.get(signal)
      return await session.query(sql, signal)
    } catch (error) {
      failures++
      throw error
    }
  }

  return {
    main: kept.get,
    query(sql, signal) {
      let rows = asked.get(sql)
      if (rows === undefined) {
        if (asked.size === 0) process.nextTick(() => asked.clear())
        asked.set(sql, (rows = send(sql, signal)))
      }
      return rows
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
