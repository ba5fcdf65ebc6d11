import type { FromTab, ToTab } from './share.ts'

/** A tab's way to the owner of the connection. */
export interface Channel {
  send(message: FromTab): void
  close(): void
}

export interface ChannelEvents {
  message(message: ToTab): void
  /** There is an owner, first or anew: say hello. */
  ready(): void
}

export type OpenChannel = (tab: string, events: ChannelEvents) => Channel
