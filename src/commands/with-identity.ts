import { userInfo } from 'node:os'
import type { FastifyBaseLogger } from 'fastify'
import type { Audit } from '../audit/types.ts'
import { createIdentity, type Identity } from '../auth/identity.ts'
import { systemCaller, type PolicyCaller } from '../auth/policy/check.ts'
import { createPolicyStore, type PolicyStore } from '../auth/policy/store.ts'
import { activeUsers } from '../auth/user-lists.ts'
import type { Config } from '../config/schema.ts'
import type { Db } from '../database/schema.ts'
import { InvalidRequestError, RefusedError, StartError } from '../errors.ts'
import { createLogger } from '../log/pino.ts'
import { openBeside } from './beside.ts'

/** What commands about people take from the rest of Aura. */
export interface IdentityCommandDeps {
  openAudit(db: Db, config: Config, log: FastifyBaseLogger): Promise<Pick<Audit, 'append' | 'record'>>
}

/** What such a command works with. */
export interface AtHand {
  readonly db: Db
  readonly identity: Identity
  readonly policy: PolicyStore
  /** Whoever sits at this machine: the account of the operating system, for the audit log. */
  readonly caller: PolicyCaller
}

async function atHand(db: Db, config: Config, deps: IdentityCommandDeps, log: FastifyBaseLogger) {
  const audit = await deps.openAudit(db, config, log)
  const policy = await createPolicyStore({ db, audit, log, clock: Date.now, active: activeUsers })
  const identity = await createIdentity({ db, audit, policy, config: config.auth, log })
  const caller = systemCaller(`os:${userInfo().username}`)
  return {
    db,
    policy,
    identity,
    caller,
    async [Symbol.asyncDispose]() {
      await identity.close()
      await policy.close()
    },
  }
}

/** Runs something with the accounts of this Aura, whether it runs or not. What is refused becomes one line. */
export async function withIdentity(
  config: Config,
  deps: IdentityCommandDeps,
  run: (atHand: AtHand) => Promise<string>,
): Promise<string> {
  const log: FastifyBaseLogger = createLogger({ ...config.log, level: 'error' })
  const beside = await openBeside(config, log)
  try {
    await using opened = await atHand(beside.db, config, deps, log)
    return await run(opened)
  } catch (error) {
    const refused = error instanceof RefusedError || error instanceof InvalidRequestError
    throw refused ? new StartError(error.message, { cause: error }) : error
  } finally {
    await beside.close()
  }
}
