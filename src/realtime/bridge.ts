import type { FastifyRequest } from 'fastify'
import type { Logger } from '../lib/logger.ts'
import { unlimited, type Admission } from './admission.ts'
import { systemClock, type Clock } from './clock.ts'
import { recheck, type Connection, type Shared } from './connection.ts'
import { asAdmitted, type Credentials } from './credentials.ts'
import { drainAll } from './drain.ts'
import { createFeed } from './feed.ts'
import type { Hub } from './hub.ts'
import { infoOf } from './info.ts'
import { createPost } from './outbox.ts'
import { createSession, type Session } from './session.ts'
import { defaultSettings, type Settings } from './settings.ts'
import { createTotals, type Totals } from './totals.ts'
import type { Principal, Topic, Transport } from './types.ts'
import { createWheel } from './wheel.ts'

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

/** What the transports' routes build on. */
export interface Bridge {
  readonly hub: Hub
  /** A session of the protocol on a transport; hand it what arrives, tell it when the transport is gone. */
  open(transport: Transport, principal: Principal): Session
  /**
   * A socket without handshake: every payload of one topic as plain JSON, the snapshot or nothing first. Closes the
   * transport with 3507 where the principal may not read the topic, and with 3501 where there is none.
   */
  feed(transport: Transport, principal: Principal, topic: string): Session
  /** The session with that emulation id (`session` in the connect reply), if it belongs to this principal. */
  session(id: string, principal: Principal): Session | undefined
  /** Who asks; undefined is answered 401. */
  authenticate(request: FastifyRequest): Principal | undefined | Promise<Principal | undefined>
  /** Exact allow-list; an absent Origin is judged too. Routes ask before they upgrade or stream, and answer 403. */
  allowsOrigin(origin: string | undefined, request: FastifyRequest): boolean
  /** True once shutting down: routes answer 503 with Retry-After. */
  readonly draining: boolean
}

/** What `app.bridge` offers to the rest of Aura. */
export interface BridgeApi {
  declare(topic: Topic): Promise<void>
  publish(topic: string, value: unknown, key?: string): void
  listeners(topic: string): number
  connections(): ConnectionInfo[]
  /** Checks every session of that principal anew, connection and each subscription; undefined: of everybody. */
  rightsChanged(principalId: string | undefined): void
}

export interface BridgeOptions {
  readonly hub: Hub
  readonly logger: Pick<Logger, 'error'>
  readonly authenticate: Bridge['authenticate']
  readonly allowsOrigin: Bridge['allowsOrigin']
  /** Sent in the connect reply; a page of another contract reloads itself. */
  readonly contract: number
  /** Of the server. */
  readonly version: string
  readonly settings?: Partial<Settings>
  readonly admission?: Admission
  readonly credentials?: Credentials
  readonly totals?: Totals
  readonly clock?: Clock
}

/** Numbers that return to zero when everyone has left. */
export interface Books {
  readonly connections: number
  readonly subscriptions: number
  readonly timers: number
  /** Queues that wait for their turn. */
  readonly queues: number
}

/** The bridge as its owner sees it. */
export interface RunningBridge extends Bridge {
  readonly api: BridgeApi
  readonly totals: Totals
  books(): Books
  /** Ends every session, a slice at a time, and waits for the queues: at most `drainWait` ms after the last slice. */
  drain(): Promise<void>
}

export function createBridge(options: BridgeOptions): RunningBridge {
  const { hub, clock = systemClock, totals = createTotals() } = options
  const settings = { ...defaultSettings, ...options.settings }
  const connections = new Map<string, Connection>()
  const shared: Shared = {
    hub,
    clock,
    totals,
    settings,
    connections,
    emulated: new Map(),
    post: createPost(clock, settings, totals),
    wheel: createWheel(clock),
    admission: options.admission ?? unlimited,
    credentials: options.credentials ?? asAdmitted,
    logger: options.logger,
    contract: options.contract,
    version: options.version,
  }
  let draining = false
  return {
    hub,
    totals,
    api: apiOf(shared),
    authenticate: options.authenticate,
    allowsOrigin: options.allowsOrigin,
    open: (transport, principal) => createSession(shared, transport, principal),
    feed: (transport, principal, topic) => createFeed(shared, transport, principal, topic),
    session(id, principal) {
      const found = shared.emulated.get(id)
      return found?.connection.principal.id === principal.id ? found.session : undefined
    },
    get draining() {
      return draining
    },
    books: () => booksOf(shared),
    async drain() {
      draining = true
      await hub.settled(settings.drainWait)
      await drainAll(shared)
    },
  }
}

function apiOf({ hub, connections }: Shared): BridgeApi {
  return {
    declare: (topic) => hub.declare(topic),
    publish: (topic, value, key) => hub.publish(topic, value, key),
    listeners: (topic) => hub.listeners(topic),
    connections: () => [...connections.values()].map(infoOf),
    rightsChanged(principalId) {
      for (const connection of connections.values()) {
        if (principalId === undefined || connection.principal.id === principalId) recheck(connection)
      }
    },
  }
}

function booksOf({ hub, connections, wheel, post }: Shared): Books {
  const subscriptions = hub.topics.reduce((sum, { name }) => sum + hub.listeners(name), 0)
  return { connections: connections.size, subscriptions, timers: wheel.size, queues: post.waiting }
}
