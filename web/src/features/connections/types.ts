/** One live connection, as the server tells it. */
export interface ConnectionInfo {
  readonly id: string
  readonly principal: string
  readonly transport: string
  /** Address, shortened. */
  readonly peer: string
  /** ms since the epoch. */
  readonly since: number
  /** ms; absent until a ping was answered. */
  readonly rtt?: number
  /** By its own reports; absent before the first. */
  readonly lag?: { readonly ms: number; readonly messages: number }
  readonly queue: { readonly bytes: number; readonly depth: number }
  readonly sent: number
  readonly skipped: number
  readonly subscriptions: readonly string[]
  /** ms since the epoch. */
  readonly lastPong: number
}

type Counts = Readonly<Record<string, number>>

/** Everybody together; counts of messages are since the server's start. */
export interface Totals {
  readonly connections: number
  readonly byTransport: Counts
  readonly subscriptions: Counts
  readonly queue: { readonly bytes: number; readonly depth: number }
  readonly published: Counts
  readonly delivered: Counts
  readonly skipped: number
  /** By close code; 0: the client or its network went away. */
  readonly closes: Counts
}

/** `GET /api/websocket/connections`: the oldest `limit` of them, and the totals of all. */
export interface ConnectionsAnswer {
  readonly connections: readonly ConnectionInfo[]
  readonly next?: string
  readonly totals: Totals
}
