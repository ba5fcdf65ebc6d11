import { InvalidRequestError, RefusedError } from '../errors.ts'
import { entry, wrongState } from './account-entry.ts'
import { capabilities, isCapability } from './capabilities.ts'
import { heldBy, oneSession, oneToken } from './credential-lists.ts'
import { bumpIdentity } from './identity-version.ts'
import type { IdentityDeps } from './identity-deps.ts'
import type { PolicyCaller } from './policy/check.ts'
import type { NewToken } from './tokens.ts'
import { lockUser } from './user-lists.ts'

/** What is asked of a token; scopes undefined: whatever its owner holds. */
export interface TokenWish {
  readonly userId: string
  readonly name: string
  readonly scopes?: readonly string[] | undefined
  readonly expiresAt?: number | undefined
}

const mostTokens = 100

const noSuch = (what: string): RefusedError => new RefusedError(404, 'NOT_FOUND', `There is no such ${what}`)
const tooMany = (): RefusedError => new RefusedError(409, 'TOO_MANY', `A user has at most ${mostTokens} tokens`)

/** Scopes that a token may have: all of them real, and held by its owner now. */
function checkScopes({ policy, now }: IdentityDeps, { userId, scopes }: TokenWish): void {
  const held = policy.compiled().capabilitiesOf(userId, now())
  for (const scope of scopes ?? []) {
    if (!isCapability(scope)) throw new InvalidRequestError('There is no such right; see the list of capabilities')
    if (!held.has(scope)) {
      const message = `A token has no right that its owner lacks: ${capabilities[scope]}`
      throw new RefusedError(403, 'FORBIDDEN', message, { capability: scope })
    }
  }
}

/** What is done with single sessions and tokens. */
export function createCredentialActs(deps: IdentityDeps) {
  const { db, audit, tokens, books, tell, now } = deps
  function end(id: string, userId: string): void {
    books.end((held) => held.id === id)
    tell({ userId, credential: id })
  }
  return {
    /** Ends a session; `of`: only if it is that user's. */
    async revokeSession(caller: PolicyCaller, id: string, of?: string): Promise<void> {
      const userId = await db.transaction().execute(async (tx) => {
        await bumpIdentity(tx)
        const owner = await oneSession(tx, id, of)
        if (owner === undefined) throw noSuch('session')
        await tx.deleteFrom('aura.session').where('id', '=', id).execute()
        await audit.append(tx, entry(caller, 'session.revoke', `session:${id}`, { user: owner }))
        return owner
      })
      end(id, userId)
    },
    /** A token that may do no more than its owner; the secret is shown once. */
    async createToken(caller: PolicyCaller, wish: TokenWish): Promise<NewToken> {
      checkScopes(deps, wish)
      if (wish.expiresAt !== undefined && wish.expiresAt <= now()) {
        throw new InvalidRequestError('A token has to expire in the future')
      }
      return db.transaction().execute(async (tx) => {
        const user = await lockUser(tx, wish.userId)
        if (user.state !== 'active') throw wrongState(user.state)
        if ((await heldBy(tx, wish.userId)) >= mostTokens) throw tooMany()
        const { name, userId, scopes, expiresAt } = wish
        const made = await tokens.create(tx, { userId, name, scopes, expiresAt, createdBy: caller.id })
        const after = { user: userId, scopes: scopes ?? null, expiresAt: expiresAt ?? null }
        await audit.append(tx, entry(caller, 'token.create', `token:${made.id}`, after))
        return made
      })
    },
    async revokeToken(caller: PolicyCaller, id: string, of?: string): Promise<void> {
      const userId = await db.transaction().execute(async (tx) => {
        await bumpIdentity(tx)
        const owner = await oneToken(tx, id, of)
        if (owner === undefined) throw noSuch('token')
        await tx.deleteFrom('aura.token').where('id', '=', id).execute()
        await audit.append(tx, entry(caller, 'token.revoke', `token:${id}`, { user: owner }))
        return owner
      })
      end(id, userId)
    },
  }
}
