import type { FastifyRequest } from 'fastify'
import type { Logger } from '../lib/logger.ts'
import { unlimited, type Admission } from './admission.ts'
import { systemClock, type Clock } from './clock.ts'
import { closes } from './codes.ts'
import { end, recheck, type Connection, type Shared } from './connection.ts'
import { asAdmitted, type Credentials } from './credentials.ts'
import { drainAll } from './drain.ts'
import { createFeed } from './feed.ts'
import type { Hub } from './hub.ts'
import { infoOf } from './info.ts'
import { createPost } from './outbox.ts'
import { createRounds } from './rounds.ts'
import { createSession, type Session } from './session.ts'
import { defaultSettings, type Settings } from './settings.ts'
import { createTotals, type Totals } from './totals.ts'
import type { ConnectionInfo, Principal, Topic, Transport } from './types.ts'
import { createWheel } from './wheel.ts'

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
  /** True while an operator wants nobody here: sessions end with 4503, other routes answer 503. */
  readonly maintained: boolean
}

/** What `app.bridge` offers to the rest of Aura. */
export interface BridgeApi {
  declare(topic: Topic): Promise<void>
  publish(topic: string, value: unknown, key?: string, last?: boolean): void
  listeners(topic: string): number
  connections(): ConnectionInfo[]
  /** Checks every session of that principal anew: connection and each subscription. */
  rightsChanged(principalId: string): void
  /** Likewise everyone of whom `whose` is true: a role changed, a session ended. Takes effect before it returns. */
  recheck(whose: (principal: Principal) => boolean): void
  /** While it is on nobody is let in; whoever is here is told 4503 and does not come back by itself. */
  maintain(on: boolean): void
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
  const wheel = createWheel(clock)
  const shared: Shared = {
    hub,
    clock,
    totals,
    settings,
    connections,
    emulated: new Map(),
    post: createPost(clock, settings, totals),
    wheel,
    rounds: createRounds({ wheel, settings, connections }),
    shut: undefined,
    admission: options.admission ?? unlimited,
    credentials: options.credentials ?? asAdmitted,
    logger: options.logger,
    contract: options.contract,
    version: options.version,
  }
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
      return shared.shut === closes.shutdown
    },
    get maintained() {
      return shared.shut === closes.maintenance
    },
    books: () => booksOf(shared),
    async drain() {
      shared.shut = closes.shutdown
      await hub.settled(settings.drainWait)
      await drainAll(shared)
    },
  }
}

function apiOf(shared: Shared): BridgeApi {
  const { hub, connections } = shared
  const recheckThose: BridgeApi['recheck'] = (whose) => {
    for (const connection of connections.values()) if (whose(connection.principal)) recheck(connection)
  }
  return {
    declare: (topic) => hub.declare(topic),
    publish: (topic, value, key, last) => hub.publish(topic, value, key, last),
    listeners: (topic) => hub.listeners(topic),
    connections: () => [...connections.values()].map(infoOf),
    rightsChanged: (principalId) => recheckThose(({ id }) => id === principalId),
    recheck: recheckThose,
    maintain(on) {
      if (shared.shut === closes.shutdown) return
      shared.shut = on ? closes.maintenance : undefined
      if (on) for (const connection of connections.values()) end(connection, closes.maintenance)
    },
  }
}

function booksOf({ hub, connections, wheel, post }: Shared): Books {
  const subscriptions = hub.topics.reduce((sum, { name }) => sum + hub.listeners(name), 0)
  return { connections: connections.size, subscriptions, timers: wheel.size, queues: post.waiting }
}
