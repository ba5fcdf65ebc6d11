import type { FastifyRequest } from 'fastify'
import type { Hub } from './hub.ts'
import type { Session } from './session.ts'
import type { Principal, Topic, Transport } from './types.ts'

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
  /** Checks every session of that principal anew: connection and each subscription. */
  rightsChanged(principalId: string): void
}
