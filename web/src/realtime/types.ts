import type { Accessor } from 'solid-js'
import type { Contracts, EventContracts, EventTopic, FeatureName } from '../../../src/features/contracts.ts'

/**
 * `offline`: the browser has no network. `connecting`: not yet connected since the page opened. `live`: connected and
 * data arrives. `recovering`: was connected, tries again. `stale`: connected, but nothing new arrives. `refused`: the
 * server said no, and trying again by itself is of no use.
 */
export type ConnectionState = 'offline' | 'connecting' | 'live' | 'recovering' | 'stale' | 'refused'

export type TransportKind = 'websocket' | 'sse' | 'poll'

/** What is known of the connection; plain data, so that it can be sent from one tab to another. */
export interface Connection {
  readonly state: ConnectionState
  /** When it came into this state, ms since the epoch. */
  readonly since: number
  readonly transport?: TransportKind | undefined
  /** Round trip, ms. */
  readonly rtt?: number | undefined
  /** The server's clock less ours, ms. */
  readonly clockOffset?: number | undefined
  /** Close or error code, and its fixed words, of what ended the last connection. */
  readonly code?: number | undefined
  readonly reason?: string | undefined
  /** Version of the contracts that the server speaks. */
  readonly contract?: number | undefined
  /** Name of who is signed in. */
  readonly principal?: string | undefined
}

/** What is known of a topic. A Solid store: each part of `value` can be followed by itself. */
export interface Live<T> {
  /** undefined until the first snapshot has come. */
  readonly value: T | undefined
  /** When the newest reading was taken, ms since the epoch by THIS browser's clock. */
  readonly ts: number | undefined
  /** Values that the server left out because this client was slow, since the page opened. */
  readonly skipped: number
  /** The connection is not live, or the newest reading is older than it should be. Values must then be marked. */
  readonly stale: boolean
  /** The principal may not read this topic. */
  readonly denied: boolean
  /** The server has no such topic. */
  readonly unavailable: boolean
}

/** What pages see of the bridge. */
export interface Realtime {
  readonly connection: Accessor<Connection>
  /** The time, ms since the epoch, once a second while the page is visible. */
  readonly now: Accessor<number>
  /** Newest reading of any topic, ms since the epoch by this browser's clock. */
  readonly newest: Accessor<number | undefined>
  readonly skipped: Accessor<number>
  /** Follows a topic until the owner (component or root) is disposed of. Several may follow the same one. */
  readonly subscribe: <Name extends FeatureName>(topic: Name) => Accessor<Live<Contracts[Name]>>
  /**
   * Calls back with each thing that happens on a topic of events, until the owner is disposed of. What happened while the
   * connection was away may be missing: load anew when it is live again.
   */
  readonly listen: <Name extends EventTopic>(
    topic: Name,
    heard: (event: EventContracts[Name]) => void,
  ) => Accessor<Pick<Live<unknown>, 'denied' | 'unavailable'>>
  /** Tries again at once; after `refused` nothing else does. */
  readonly retry: () => void
}
