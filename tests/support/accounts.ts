import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fastify, type FastifyInstance, type InjectOptions } from 'fastify'
import type { AuthConfig } from '../../src/auth/config.ts'
import { createIdentity, type Identity } from '../../src/auth/identity.ts'
import { createLiveAccess } from '../../src/auth/live.ts'
import type { OidcConfig } from '../../src/auth/oidc/config.ts'
import { createOidc } from '../../src/auth/oidc/index.ts'
import type { ProxyConfig } from '../../src/auth/proxy/config.ts'
import { createProxy } from '../../src/auth/proxy/index.ts'
import { systemCaller } from '../../src/auth/policy/check.ts'
import { createPolicyStore } from '../../src/auth/policy/store.ts'
import { createSite } from '../../src/auth/site.ts'
import { activeUsers } from '../../src/auth/user-lists.ts'
import { loadConfig } from '../../src/config/load.ts'
import { openDatabase, type Database } from '../../src/database/index.ts'
import { accountRoutes } from '../../src/features/account/routes.ts'
import { registerAuth, watchIdentity } from '../../src/plugins/auth.ts'
import { errors } from '../../src/plugins/errors.ts'
import realtime from '../../src/plugins/realtime.ts'
import { createOriginCheck, security } from '../../src/plugins/security.ts'
import type { Topic } from '../../src/realtime/types.ts'
import { quiet } from './logger.ts'
import { memoryAudit } from './policy.ts'
import { embedded } from './run-aura.ts'

/** A database of one's own on an embedded server. */
export async function startDatabase(): Promise<Database & AsyncDisposable> {
  const dataDir = mkdtempSync(join(tmpdir(), 'aura-accounts-'))
  chmodSync(dataDir, 0o755)
  const database = await openDatabase(embedded(dataDir, { poolSize: 5 }), quiet)
  return Object.assign(database, {
    async [Symbol.asyncDispose]() {
      await database.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  })
}

export const authConfig: Omit<AuthConfig, 'oidc' | 'proxy'> = {
  mode: 'accounts',
  session_idle: '7d',
  session_lifetime: '30d',
  reauthentication: '10m',
  password_min_length: 12,
  hashing_concurrency: 2,
  setup_link: true,
  approval_expiry: '3d',
}

export const password = 'correct horse battery'
const cheap = { memory: 64, passes: 1, parallelism: 1 }

export interface AccountsOptions {
  readonly publicUrl?: string
  readonly cost?: typeof cheap
  readonly config?: Partial<AuthConfig>
  readonly oidc?: Partial<OidcConfig>
  readonly proxy?: Partial<ProxyConfig>
  /** How often to look for what ended elsewhere, ms; never unless said. */
  readonly watch?: number
}

/** People, and the browsers they sit at. */
function clientOf(app: FastifyInstance, identity: Identity, host: string) {
  const send = (url: string, more: InjectOptions = {}) =>
    app.inject({ url, ...more, headers: { host, ...more.headers } })
  const post = (url: string, payload: object = {}, headers: Record<string, string> = {}, more: InjectOptions = {}) =>
    send(url, { method: 'POST', payload, ...more, headers: { origin: `http://${host}`, ...headers } })

  /** A user with a password and these roles; the id. */
  const person = async (login: string, ...roles: string[]): Promise<string> =>
    (await identity.accounts.createActive(systemCaller('setup'), { login, name: login }, password, roles)).id
  /** A session in a browser: its cookie and the token to send along. */
  async function signIn(login: string, headers: Record<string, string> = {}) {
    const answer = await post('/api/account/sign-in', { login, password }, headers)
    const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? ''
    return {
      answer,
      cookie,
      id: String(answer.json().credential),
      headers: { cookie, origin: `http://${host}`, 'x-csrf-token': String(answer.json().csrf) },
    }
  }
  return { send, post, person, signIn }
}

/** Ways in beside the password, as they are by default but for what the test says. */
async function waysOf(identity: Identity, options: AccountsOptions, now: () => number) {
  const { auth } = (await loadConfig(undefined, {})).config
  const oidc = createOidc({ config: { ...auth.oidc, ...options.oidc }, identity, log: quiet, now })
  return { oidc, proxy: createProxy({ ...auth.proxy, ...options.proxy }, identity.external) }
}

const topics: readonly Topic[] = [
  { name: 'system', class: 'state', capability: 'system:read' },
  { name: 'audit', class: 'event', capability: 'audit:read' },
]

/** Identity, its routes and the live bridge, as Aura puts them together, on a real database and with a clock to turn. */
export async function startAccounts(database: Database, options: AccountsOptions = {}) {
  const { publicUrl = '', cost = cheap, config, watch } = options
  const { db } = database
  const time = { now: Date.now(), monotonic: 0 }
  const now = (): number => time.now
  const audit = memoryAudit()
  const app = fastify({ forceCloseConnections: true })
  errors(app)
  const policy = await createPolicyStore({ db, audit, log: quiet, clock: now, active: activeUsers, every: 200 })
  const identity = await createIdentity({
    db,
    audit,
    policy,
    config: { ...authConfig, ...config },
    log: quiet,
    now,
    monotonic: () => time.monotonic,
    cost,
  })
  if (watch !== undefined) watchIdentity(app, identity, watch)
  const site = createSite({ host: '127.0.0.1', publicUrl, hostname: 'here', accounts: true })
  await security(app, { host: '127.0.0.1', origins: [], site })
  const { oidc, proxy } = await waysOf(identity, options, now)
  registerAuth(app, { identity, policy, site, proxy })
  const live = createLiveAccess(identity, now)
  const fromHere = createOriginCheck([], site)
  await app.register(realtime, {
    ...live,
    allowsOrigin: (_origin, request) => fromHere(request),
    contract: 1,
    version: 'test',
    topics,
  })
  identity.onChange(({ userId }) => app.bridge.rightsChanged(userId))
  accountRoutes(app, { identity, compiled: () => policy.compiled(), site, oidc, proxy, now })
  app.get('/read', { config: { capability: 'system:read' } }, ({ principal }) => ({ id: principal?.id }))
  app.post('/change', { config: { capability: 'role:edit' } }, () => ({ changed: true }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const host = `127.0.0.1:${port}`

  return Object.assign(clientOf(app, identity, host), {
    app,
    identity,
    policy,
    audit,
    time,
    port,
    host,
    origin: `http://${host}`,
    async [Symbol.asyncDispose]() {
      await app.close()
      await identity.close()
      await policy.close()
    },
  })
}

export type Accounts = Awaited<ReturnType<typeof startAccounts>>
