import { randomUUID } from 'node:crypto'
import type { Audit, AuditEntry, AuditRow } from '../../src/audit/types.ts'
import { callerOf } from '../../src/auth/callers.ts'
import type { Held } from '../../src/auth/held.ts'
import { systemCaller } from '../../src/auth/policy/check.ts'
import { createPolicyStore, type PolicyStore } from '../../src/auth/policy/store.ts'
import type { Caller } from '../../src/auth/types.ts'
import { insertUser } from '../../src/auth/users.ts'
import type { Db } from '../../src/database/schema.ts'
import { quiet } from './logger.ts'

/** An audit log that remembers what was committed; `failing` makes it refuse. */
export interface MemoryAudit extends Audit {
  readonly entries: AuditEntry[]
  failing: boolean
}

export function memoryAudit(): MemoryAudit {
  const listeners = new Set<(row: AuditRow) => void>()
  async function keep(entry: AuditEntry): Promise<number> {
    if (audit.failing) throw new Error('the audit log cannot be written')
    const seq = audit.entries.push(entry)
    for (const listener of listeners) listener({ ...entry, seq, ts: Date.now(), prevHash: '', hash: '' })
    return seq
  }
  const audit: MemoryAudit = {
    entries: [],
    failing: false,
    append: (_tx, entry) => keep(entry),
    record: keep,
    follow(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  return audit
}

/** People with roles in a database, and a clock that stands still until told. */
export interface People extends AsyncDisposable {
  readonly policy: PolicyStore
  now: number
  /** A new user with these roles; the id. */
  person(...roles: string[]): Promise<string>
  /** A new session of a user, or with scopes a token. */
  signedIn(userId: string, scopes?: readonly string[]): Caller & { readonly held: Held }
}

export async function createPeople(db: Db, audit: Pick<Audit, 'append' | 'record'>): Promise<People> {
  let time = Date.now()
  const clock = (): number => time
  const policy = await createPolicyStore({ db, audit, log: quiet, clock })
  return {
    policy,
    get now() {
      return time
    },
    set now(value) {
      time = value
    },
    async person(...roles) {
      const login = `u${randomUUID().slice(0, 12)}`
      const { id } = await db.transaction().execute((tx) => insertUser(tx, { login, name: login }, 'active', time))
      for (const role of roles) {
        const fields = { subject: { kind: 'user', id }, role, scope: '*', expiresAt: undefined } as const
        await policy.assign(systemCaller('setup'), fields)
      }
      return id
    },
    signedIn(userId, scopes) {
      const held: Held = {
        kind: scopes === undefined ? 'session' : 'token',
        id: randomUUID(),
        hash: randomUUID(),
        userId,
        userName: userId,
        expiresAt: time + 1e9,
        idle: undefined,
        lastSeenAt: time,
        writtenAt: undefined,
        authenticatedAt: scopes === undefined ? time : undefined,
        method: 'password',
        csrf: '',
        roles: '',
        scopes: scopes && new Set(scopes),
        ended: false,
      }
      return Object.assign(callerOf(held, '127.0.0.1', { compiled: () => policy.compiled(), now: clock }), { held })
    },
    [Symbol.asyncDispose]: () => policy.close(),
  }
}
