/** One live connection, as `GET /api/websocket/connections` tells it. */
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
  readonly lag?: { readonly ms: number; readonly messages: number }
  readonly queue: { readonly bytes: number; readonly depth: number }
  readonly sent: number
  readonly skipped: number
  readonly subscriptions: readonly string[]
  /** ms since the epoch. */
  readonly lastPong: number
}

/** The answer: the list, with or without an envelope. */
export type ConnectionsAnswer = readonly ConnectionInfo[] | { readonly connections: readonly ConnectionInfo[] }

export const listOf = (answer: ConnectionsAnswer): readonly ConnectionInfo[] =>
  'connections' in answer ? answer.connections : answer
