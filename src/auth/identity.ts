import { sql } from 'kysely'
import type { Audit } from '../audit/types.ts'
import type { Db } from '../database/schema.ts'
import { parseDuration } from '../lib/duration.ts'
import type { Logger } from '../lib/logger.ts'
import { createAccounts, type Accounts } from './accounts.ts'
import { callerOf } from './callers.ts'
import type { AuthConfig } from './config.ts'
import { createDenials, type Denials } from './denials.ts'
import { createExternal, type External } from './external/index.ts'
import { createHeldBooks, isOver, type Held } from './held.ts'
import { identityVersion } from './identity-version.ts'
import type { IdentityDeps } from './identity-deps.ts'
import { createPasswords, type HashCost } from './passwords.ts'
import type { PolicyStore } from './policy/store-types.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createSetup, type Setup } from './setup.ts'
import { rolesAt } from './session-opening.ts'
import { createSignIn, type SignIn } from './sign-in.ts'
import { createThrottle } from './throttle.ts'
import { createTickets, type Tickets } from './tickets.ts'
import { createTokens } from './tokens.ts'
import type { Caller, RightsChange } from './types.ts'
import { createUse } from './use.ts'

export interface IdentityOptions {
  readonly db: Db
  readonly audit: Pick<Audit, 'append' | 'record'>
  readonly policy: PolicyStore
  readonly config: Omit<AuthConfig, 'oidc' | 'proxy'>
  readonly log: Logger
  /** ms since the epoch. */
  readonly now?: () => number
  /** Monotonic ms. */
  readonly monotonic?: () => number
  readonly cost?: HashCost
}

/** Who people are: accounts, sessions, tokens, and what ends them. */
export interface Identity {
  readonly signIn: SignIn
  readonly setup: Setup
  /** Those who come from a provider or through a proxy. */
  readonly external: External
  readonly accounts: Accounts
  readonly tickets: Tickets
  readonly denials: Denials
  /** ms after proving one's password within which one is not asked again. */
  readonly reauthentication: number
  /** ms that a session lasts at most. */
  readonly lifetime: number
  bySession(secret: string, ip: string): Promise<Caller | undefined>
  byToken(secret: string, ip: string): Promise<Caller | undefined>
  /** A new secret for the session whose user's roles are others than when it was handed out; undefined: they are not. */
  rotateAfterChange(held: Held): Promise<string | undefined>
  /** Told when rights or credentials changed, here or in another process, and when some of them expired. */
  onChange(listener: (change: RightsChange) => void): () => void
  /** Looks for what a command changed and for what has expired; to be called every two seconds. */
  sweep(): Promise<void>
  close(): Promise<void>
}

/** More than there can be live connections, since each of those needs its session here. */
const capacity = 20_000

function createListeners(log: Logger) {
  const listeners = new Set<(change: RightsChange) => void>()
  return {
    tell(change: RightsChange): void {
      for (const listener of listeners) {
        try {
          listener(change)
        } catch (err) {
          log.error({ err }, 'somebody who is told of changed credentials failed')
        }
      }
    },
    onChange(listener: (change: RightsChange) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function depsOf(options: IdentityOptions, tell: IdentityDeps['tell']): IdentityDeps {
  const { db, audit, policy, config, log, now = Date.now, monotonic = () => performance.now(), cost } = options
  const books = createHeldBooks(capacity, now)
  const life = { idle: parseDuration(config.session_idle), lifetime: parseDuration(config.session_lifetime) }
  return {
    db,
    audit,
    policy,
    config,
    log,
    now,
    tell,
    books,
    sessions: createSessions(db, books, life, now),
    tokens: createTokens(db, books, now),
    passwords: createPasswords({ concurrency: config.hashing_concurrency, ...(cost && { cost }) }),
    throttle: createThrottle(monotonic),
  }
}

/** Those of the held whose rows are still there, and whose users may still sign in. */
async function living(db: Db, held: readonly Held[]): Promise<ReadonlySet<string>> {
  const ids = held.map(({ id }) => id)
  const { rows } = await sql<{ id: string }>`
    select c.id from (select id, user_id from aura.session union all select id, user_id from aura.token) c
    join aura.user u on u.id = c.user_id
    where u.state = 'active' and c.id = any(${ids}::text[])`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

function createSweep({ db, books, now, tell, log }: IdentityDeps) {
  let version: number | undefined
  let failing = false
  const endAndTell = (which: (held: Held) => boolean): void => {
    for (const { userId, id } of books.end(which)) tell({ userId, credential: id })
  }
  async function look(): Promise<void> {
    const newest = await identityVersion(db)
    if (newest === version) return
    const held = [...books.all()]
    const alive = version === undefined || held.length === 0 ? undefined : await living(db, held)
    version = newest
    const known = new Set(held)
    if (alive !== undefined) endAndTell((each) => known.has(each) && !alive.has(each.id))
  }
  return async (): Promise<void> => {
    endAndTell((each) => isOver(each, now()))
    try {
      await look()
      if (failing) log.info({}, 'sessions can be looked after again')
      failing = false
    } catch (err) {
      if (!failing) log.warn({ err }, 'whether sessions were ended elsewhere cannot be seen now')
      failing = true
    }
  }
}

/** Puts the parts together. `policy` belongs to whoever made it. */
export async function createIdentity(options: IdentityOptions): Promise<Identity> {
  const listeners = createListeners(options.log)
  const tell = (change: RightsChange): void => listeners.tell(change)
  const deps = depsOf(options, tell)
  const { policy, now, sessions, tokens, audit, log, config } = { ...deps, config: options.config }
  const { monotonic = () => performance.now() } = options
  const use = createUse(deps.db, now, log)
  const denials = createDenials(audit, log, monotonic)
  const rights = { compiled: () => policy.compiled(), now }
  const signIn = createSignIn(deps)
  const forget = options.policy.onChange(tell)
  const sweep = createSweep(deps)
  await sweep()
  return {
    signIn,
    setup: createSetup(deps),
    external: createExternal(deps),
    accounts: createAccounts(deps),
    tickets: createTickets(now),
    denials,
    reauthentication: parseDuration(config.reauthentication),
    lifetime: parseDuration(config.session_lifetime),
    async bySession(secret, ip) {
      const held = await sessions.find(secret)
      if (held === undefined) return undefined
      use.note(held)
      return callerOf(held, ip, rights)
    },
    async byToken(secret, ip) {
      const held = await tokens.find(secret)
      if (held === undefined) return undefined
      const caller = callerOf(held, ip, rights)
      if (use.note(held)) {
        const actor = { id: held.userId, session: held.id, ip }
        denials.record({ actor, action: 'token.use', object: `token:${held.id}`, decision: 'allow' })
      }
      return caller
    },
    rotateAfterChange: createRotation(deps, sessions),
    onChange: (listener) => listeners.onChange(listener),
    async sweep() {
      denials.flush()
      await sweep()
    },
    async close() {
      forget()
      denials.flush(0)
      await Promise.all([use.settled(), denials.settled()])
    },
  }
}

/** One rotation per session at a time; requests beside it go on with the secret they have. */
function createRotation(deps: IdentityDeps, sessions: Sessions): Identity['rotateAfterChange'] {
  const rotating = new Set<Held>()
  return async (held) => {
    if (held.kind !== 'session' || rotating.has(held)) return undefined
    const roles = rolesAt(deps, held.userId)
    if (roles === held.roles) return undefined
    rotating.add(held)
    try {
      return await sessions.rotate(held, { roles })
    } catch (err) {
      deps.log.debug({ err }, 'a session keeps its secret for now')
      return undefined
    } finally {
      rotating.delete(held)
    }
  }
}
