import { canonicalJson } from './canonical.ts'
import type { AuditLogTable } from './tables.ts'
import type { AuditEntry, AuditRow, Json } from './types.ts'

/** The fields that are hashed, under the names that they have in exports. `ip` is a reference, not an address. */
interface Body {
  readonly seq: number
  readonly ts: string
  readonly actor: string
  readonly action: string
  readonly decision: AuditEntry['decision']
  readonly actor_session?: string
  readonly on_behalf_of?: string
  readonly ip?: string
  readonly object?: string
  readonly scope?: string
  readonly rule?: string
  readonly before?: Json
  readonly after?: Json
  readonly request_id?: string
}

/** Canonical JSON of an entry at its place. `ip`: the reference that stands for the address. */
export function bodyOf(entry: AuditEntry, seq: number, ts: number, ip: string | undefined): string {
  const { actor } = entry
  const all: Readonly<Record<string, Json | undefined>> = {
    seq,
    ts: new Date(ts).toISOString(),
    actor: actor.id,
    actor_session: actor.session,
    on_behalf_of: actor.onBehalfOf,
    ip,
    action: entry.action,
    object: entry.object,
    scope: entry.scope,
    decision: entry.decision,
    rule: entry.rule,
    before: entry.before,
    after: entry.after,
    request_id: entry.requestId,
  }
  const told = Object.entries(all).filter((one): one is [string, Json] => one[1] !== undefined)
  return canonicalJson(Object.fromEntries(told))
}

type Stored = Pick<AuditLogTable, 'body' | 'prev_hash' | 'hash'>

/** A row as it was written. `address` finds the address behind a reference, if it was not erased. */
export function rowOf({ body, prev_hash, hash }: Stored, address?: ReadonlyMap<string, string>): AuditRow {
  const told = JSON.parse(body) as Body
  return {
    seq: told.seq,
    ts: Date.parse(told.ts),
    actor: {
      id: told.actor,
      session: told.actor_session,
      onBehalfOf: told.on_behalf_of,
      ip: told.ip === undefined ? undefined : address?.get(told.ip),
    },
    action: told.action,
    object: told.object,
    scope: told.scope,
    decision: told.decision,
    rule: told.rule,
    before: told.before,
    after: told.after,
    requestId: told.request_id,
    prevHash: prev_hash.toString('hex'),
    hash: hash.toString('hex'),
  }
}
