import type { Position } from '../../../src/realtime/types.ts'
import type { TransportKind } from './types.ts'

/** A code of the protocol and its fixed words. */
export interface Ending {
  readonly code: number
  readonly reason: string
}

/** What a link tells the session above it, never before `openLink` has returned. */
export interface LinkEvents {
  /** Connected, first or again; `data` is that of the connect reply. */
  open(data: unknown): void
  /** Was open; it is trying again by itself. */
  down(ending: Ending): void
  /** An attempt ended before it was open; it is trying again by itself. */
  failed(timedOut: boolean): void
  /** The server said no for good; the link has ended. */
  refused(ending: Ending): void
  subscribed(topic: string, reply: { readonly position?: Position | undefined; readonly data?: unknown }): void
  message(topic: string, payload: unknown, offset: number | undefined): void
  /** The server does not let us follow the topic; it has been given up. */
  turnedAway(topic: string, code: number): void
}

/** One way to the server. It reconnects by itself, and subscribes again to what it was asked for. */
export interface Link {
  readonly transport: TransportKind
  subscribe(topic: string, since: Position | undefined): void
  unsubscribe(topic: string): void
  /** A remote call; rejects where the transport has none. */
  call(method: string, data: unknown): Promise<unknown>
  /** Stays away from the server for `ms`, then comes back. */
  pause(ms: number): void
  /** Tries again now rather than after the delay that is running. */
  hurry(): void
  close(): void
}

export type OpenLink = (transport: TransportKind, events: LinkEvents) => Link
