import type { Transaction } from 'kysely'
import type { Schema } from '../database/schema.ts'

/** What RFC 8785 can carry and the log may hold: no fractions, so that every program computes the same bytes. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/**
 * Who did it. Personal data (name, address) goes to a side table keyed by `id`, so that erasing it breaks no hash.
 * `system` and `setup` are actors too.
 */
export interface Actor {
  readonly id: string
  /** Public id of the session or token. */
  readonly session?: string | undefined
  /** On whose behalf, where that is somebody else. */
  readonly onBehalfOf?: string | undefined
  readonly ip?: string | undefined
}

/** One act. `action` is `noun.verb` of the closed list in actions.ts; never a secret, never the text of a prompt. */
export interface AuditEntry {
  readonly actor: Actor
  readonly action: string
  /** `user:…`, `role:operator`, `model:llama3.2:3b`. */
  readonly object?: string | undefined
  readonly scope?: string | undefined
  readonly decision: 'allow' | 'deny' | 'none'
  /** Why, as `decide()` told: role and rule in one line. */
  readonly rule?: string | undefined
  readonly before?: Json | undefined
  readonly after?: Json | undefined
  readonly requestId?: string | undefined
}

export interface Audit {
  /**
   * Adds to the chain inside the transaction of the change, under the chain's lock: both are there or neither.
   * Resolves with the sequence number. Call it last in the transaction, since others wait for the lock until it ends.
   */
  append(tx: Transaction<Schema>, entry: AuditEntry): Promise<number>
  /** The same in a transaction of its own, for what changes nothing in the database (a sign-in refused, an export). */
  record(entry: AuditEntry): Promise<number>
  /** Called with each entry after it was committed, in the order of the chain. */
  follow(listener: (row: AuditRow) => void): () => void
}

/** A row of the log as it was written. `before` and `after` as they were given; hashes in hex. */
export interface AuditRow extends Omit<AuditEntry, 'actor'> {
  readonly seq: number
  /** ms since the epoch. */
  readonly ts: number
  readonly actor: Actor
  readonly prevHash: string
  readonly hash: string
}
