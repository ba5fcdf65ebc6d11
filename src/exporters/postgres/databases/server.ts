import type { Row, Session } from '../session.ts'

/** What the visits need of the exporter's connections. */
export interface Server {
  /** Rows of one statement on the connection that is kept for scrapes. */
  query(sql: string, signal: AbortSignal): Promise<readonly Row[]>
  /** A session of its own to one database; ended with `close` or `destroy` before the next is asked for. */
  connect(database: string, signal: AbortSignal): Promise<Session>
}
