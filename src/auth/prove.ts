import type { AuditEntry } from '../audit/types.ts'
import { RefusedError } from '../errors.ts'
import type { From, IdentityDeps } from './identity-deps.ts'
import { loginKey } from './login-name.ts'
import { signInFacts } from './users.ts'

/** The same words whatever was wrong: name, password, or an account that may not sign in. */
const wrong = (): RefusedError => new RefusedError(401, 'WRONG_CREDENTIALS', 'The user name or the password is wrong')

export const tooOften = (seconds: number): RefusedError =>
  new RefusedError(429, 'TOO_MANY_TRIES', 'Too many wrong tries; wait a little', { retryAfter: seconds })

/** A refusal is refused even when the log cannot be written. */
async function recordQuietly({ audit, log }: IdentityDeps, entry: AuditEntry): Promise<void> {
  try {
    await audit.record(entry)
  } catch (err) {
    log.error({ err, action: entry.action }, 'a refusal could not be put into the audit log')
  }
}

/**
 * The user whose password this is; `outdated`: its hash should be made anew. Takes as long, and says the same, whatever
 * is wrong. `action` is what the audit log calls a failure.
 */
export async function prove(deps: IdentityDeps, login: string, password: string, from: From, action: string) {
  const { db, throttle, passwords } = deps
  const key = loginKey(login.slice(0, 400))
  const wait = throttle.before(key, from.ip)
  if (wait !== undefined) throw tooOften(wait)
  const facts = key.includes('\0') ? undefined : await signInFacts(db, key, from.ip)
  const held = facts?.known === true ? undefined : throttle.account(key)
  if (held !== undefined) throw tooOften(held)
  const { right, outdated } = await passwords.verify(password, facts?.hash ?? undefined)
  if (right && facts?.state === 'active') {
    throttle.succeeded(key, from.ip)
    return { id: facts.id, outdated }
  }
  throttle.failed(key, from.ip)
  await recordQuietly(deps, {
    // What was typed in is not kept: it may be a password in the wrong field.
    actor: { id: facts?.id ?? 'unknown', ip: from.ip },
    action,
    ...(facts !== undefined && { object: `user:${facts.id}` }),
    decision: 'deny',
    rule: right ? `account ${facts?.state ?? ''}` : 'wrong name or password',
    requestId: from.requestId,
  })
  throw wrong()
}
