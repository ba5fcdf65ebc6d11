/**
 * What the bridge, its transports and those who publish agree on. The bridge knows no feature: a topic is a name, a
 * class, the capability to read it, and what is published to it.
 */

/** Decides lane, flush, history and what happens when a subscriber is slow. */
export type TopicClass = 'alert' | 'stream' | 'event' | 'state'

export interface Topic {
  /** Name of the channel on the wire: `system`, `arena`. */
  readonly name: string
  readonly class: TopicClass
  /** `resource:action` that a principal must hold to subscribe. */
  readonly capability: string
}

/** A place in a topic's log. Both must match for a resume; the epoch changes when the log begins anew. */
export interface Position {
  readonly epoch: string
  readonly offset: number
}

/** One published message, encoded once. */
export interface Publication {
  readonly offset: number
  /** JSON of `Payload`. */
  readonly json: string
  /** For class state: which value this replaces. */
  readonly key?: string
}

/**
 * What lies in a publication's `data` on the wire. `snap`: all keys of a state topic. `delta`: one key of it changed.
 * `event`: something happened, once. `append`: a piece of a stream. `gap`: `n` values of a state topic were skipped.
 */
export interface Payload {
  readonly k: 'snap' | 'delta' | 'event' | 'append' | 'gap'
  /** Key of a state topic, or stream id. */
  readonly s?: string
  /** When the reading was taken, ms since the epoch. */
  readonly ts: number
  readonly v?: unknown
  /** Of `gap`: values skipped. Of `append`: of so many pieces this is made, when more than one; `v` is all of them. */
  readonly n?: number
  /** Of `append`: nothing follows in this stream. */
  readonly end?: true
}

/** Who is on the other end. Until accounts exist there is one, built in, on loopback, and it may do everything. */
export interface Principal {
  readonly id: string
  readonly name: string
  may(capability: string): boolean
}

/** Publishing side of the bridge, for features. */
export interface Publisher {
  /**
   * Class state: the newest value of a key. Others: one more message (`key` is then a stream id, if any). `last` ends
   * the stream `key`: what it was is kept for a minute more. A stream is best published as strings or arrays, because
   * pieces of these can be joined for readers that lag.
   */
  publish(topic: string, value: unknown, key?: string, last?: boolean): void
  /** How many connections listen; a feature may rest while nobody does. */
  listeners(topic: string): number
}

/** One client's way of receiving frames; one implementation per transport. The session above it never sees a socket. */
export interface Transport {
  readonly kind: 'websocket' | 'sse' | 'http_stream' | 'poll' | 'plain'
  /** Address of the peer, shortened for display; never a full public IP. */
  readonly peer: string
  /** Bytes accepted but not yet handed to the kernel. */
  readonly buffered: number
  /** Sends already encoded protocol replies or pushes; several at once may leave in one frame or one write. */
  send(messages: readonly string[]): void
  close(code: number, reason: string): void
}

/** One live connection, as an administrator sees it: never a token, a full address or a payload. */
export interface ConnectionInfo {
  readonly id: string
  readonly principal: string
  readonly transport: Transport['kind']
  readonly peer: string
  /** ms since the epoch. */
  readonly since: number
  /** Round trip, ms; absent until a ping was answered. */
  readonly rtt?: number
  /** How far behind its own reports say it is. */
  readonly lag?: { readonly ms: number; readonly messages: number }
  readonly queue: { readonly bytes: number; readonly depth: number }
  /** Messages. */
  readonly sent: number
  /** Values of state topics that were conflated away. */
  readonly skipped: number
  readonly subscriptions: readonly string[]
  /** ms since the epoch; anything received counts. */
  readonly lastPong: number
}

type Counts = Readonly<Record<string, number>>

/** Everybody together. `published`, `delivered`, `skipped` and `closes` are since the start, the rest is now. */
export interface ConnectionTotals {
  readonly connections: number
  readonly byTransport: Counts
  readonly subscriptions: Counts
  readonly queue: { readonly bytes: number; readonly depth: number }
  readonly published: Counts
  readonly delivered: Counts
  readonly skipped: number
  /** By code; 0: the client or its network went away. */
  readonly closes: Counts
}

/** `GET /api/websocket/connections`: a page of them, the oldest first, and the totals of all. */
export interface ConnectionsAnswer {
  readonly connections: readonly ConnectionInfo[]
  /** Cursor of the next page, if there is one. */
  readonly next?: string
  readonly totals: ConnectionTotals
}
