import { randomBytes } from 'node:crypto'
import { createAudit } from '../audit/index.ts'
import { userByLogin } from '../auth/users.ts'
import type { Config } from '../config/schema.ts'
import type { Visitor } from '../demo/stage/site.ts'
import { withIdentity, type AtHand, type IdentityCommandDeps } from './with-identity.ts'

const deps: IdentityCommandDeps = { openAudit: (db, _config, log) => createAudit({ db, log, clock: Date.now }) }

const user = { login: 'demo-visitor', name: 'Demo visitor (simulated)', email: undefined }
const day = 86_400_000

async function tokenFor({ db, identity, caller }: AtHand) {
  const password = randomBytes(24).toString('hex')
  const known = await userByLogin(db, user.login)
  const { id: userId } = known ?? (await identity.accounts.createActive(caller, user, password, ['viewer']))
  const wish = { userId, name: 'demo', scopes: undefined, expiresAt: Date.now() + day }
  return identity.accounts.createToken(caller, wish)
}

/** Gives the simulated visitor an account that may look and change nothing, and a token that nobody else knows. */
export async function inviteVisitor(config: Config): Promise<Visitor> {
  let id = ''
  const token = await withIdentity(config, deps, async (atHand) => {
    const made = await tokenFor(atHand)
    id = made.id
    return made.secret
  })
  return {
    token,
    async leave() {
      await withIdentity(config, deps, async ({ identity, caller }) => {
        await identity.accounts.revokeToken(caller, id)
        return ''
      })
    },
  }
}
