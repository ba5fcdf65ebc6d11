import type { TopicState } from './topic-log.ts'
import type { Connection } from './types.ts'

/** What a tab says to the owner of the connection. Plain data: it crosses message ports. */
export type FromTab =
  | { readonly t: 'hello'; readonly visible: boolean; readonly topics: readonly string[] }
  | { readonly t: 'follow'; readonly topics: readonly string[] }
  | { readonly t: 'visible'; readonly visible: boolean }
  | { readonly t: 'network'; readonly up: boolean }
  | { readonly t: 'retry' | 'bye' }

/** What the owner says to a tab. `state` comes once per topic that the tab begins to follow; then its payloads. */
export type ToTab =
  | { readonly t: 'connection'; readonly connection: Connection }
  | { readonly t: 'state'; readonly topic: string; readonly state: TopicState }
  | { readonly t: 'payload'; readonly topic: string; readonly payload: unknown }
