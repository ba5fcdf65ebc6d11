import { hostname } from 'node:os'
import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import { createApprovals, type RunningApprovals } from './approvals/index.ts'
import { createModelDelete, modelDeleteArgs } from './approvals/kinds/model-delete.ts'
import { createOllamaModels } from './approvals/kinds/ollama-models.ts'
import { createApprovalMetrics } from './approvals/metrics.ts'
import { openWatchers, type WatchedAudit } from './audit/watchers.ts'
import { createIdentity, type Identity } from './auth/identity.ts'
import { createLiveAccess, type LiveAccess } from './auth/live.ts'
import { createOidc, type Oidc } from './auth/oidc/index.ts'
import { createPolicyStore, type PolicyStore } from './auth/policy/store.ts'
import { createProxy, type Proxy } from './auth/proxy/index.ts'
import { createSite, type Site } from './auth/site.ts'
import { activeUsers } from './auth/user-lists.ts'
import { parseDuration } from './lib/duration.ts'
import type { Config } from './config/schema.ts'
import type { EventFeature } from './features/feature.ts'
import { createGovernance } from './features/governance/index.ts'
import { governanceMetrics } from './features/governance/metrics.ts'
import { watchIdentity } from './plugins/auth.ts'
import { callerOf } from './plugins/rights.ts'

/** Who people are, what they may do, and what needs two of them. */
export interface Access {
  readonly policy: PolicyStore
  readonly identity: Identity
  readonly approvals: RunningApprovals
  readonly governance: EventFeature
  readonly site: Site
  /** Ways in beside the password; undefined: not configured. */
  readonly oidc: Oidc | undefined
  readonly proxy: Proxy | undefined
  readonly live: LiveAccess
  /** False: whoever sits at this machine may do everything. */
  readonly accounts: boolean
}

export interface AccessDeps {
  readonly audit: WatchedAudit
  readonly register: Registry
}

/** How often requests are looked for that waited in vain for a second person, ms. */
const expiryInterval = 30_000

function openApprovals(
  app: FastifyInstance,
  config: Config,
  deps: AccessDeps,
  policy: PolicyStore,
  identity: Identity,
) {
  const models = createOllamaModels(config.ollama)
  app.addHook('onClose', async () => models.close())
  const kinds = [createModelDelete(models)]
  const types = kinds.map(({ type }) => type)
  const approvals = createApprovals({
    db: app.database.db,
    audit: deps.audit,
    policy,
    kinds,
    log: app.log,
    isActive: async (id) => (await identity.accounts.user(id))?.state === 'active',
    metrics: createApprovalMetrics(deps.register, types, Date.now),
    expiry: parseDuration(config.auth.approval_expiry),
    reauthentication: identity.reauthentication,
  })
  const failed = (err: unknown): void => app.log.warn({ err }, 'approvals that waited in vain could not be ended')
  const timer = setInterval(() => void approvals.expire().catch(failed), expiryInterval).unref()
  app.addHook('onReady', () => approvals.resume())
  app.addHook('onClose', async () => {
    clearInterval(timer)
    await approvals.close()
  })
  return { approvals, modelDeleteArgs: (model: string) => modelDeleteArgs(models, model) }
}

/** Ways in beside the password. Here early, so that a wrong setting is told before anything starts. */
function openWays({ log }: FastifyInstance, { auth }: Config, identity: Identity) {
  const oidc = createOidc({ config: auth.oidc, identity, log, now: Date.now })
  return { oidc, proxy: createProxy(auth.proxy, identity.external) }
}

/** Opens policy, accounts and approvals on an app that has its database; closing the app ends them in reverse. */
export async function openAccess(app: FastifyInstance, config: Config, deps: AccessDeps): Promise<Access> {
  const { db } = app.database
  const { audit, register } = deps
  const policy = await createPolicyStore({ db, audit, log: app.log, clock: Date.now, active: activeUsers })
  app.addHook('onClose', () => policy.close())
  const identity = await createIdentity({ db, audit, policy, config: config.auth, log: app.log })
  watchIdentity(app, identity)
  const ways = openWays(app, config, identity)
  const { approvals, modelDeleteArgs: argsOf } = openApprovals(app, config, deps, policy, identity)
  const { alerts } = await openWatchers(app, config, deps)
  governanceMetrics(register, { db, policy, now: Date.now })
  const governance = createGovernance({
    db,
    policy,
    audit,
    keeper: audit.keeper,
    alerts,
    approvals,
    accounts: identity.accounts,
    callerOf,
    modelDeleteArgs: argsOf,
    invitationPath: (secret) => `/invitation#token=${secret}`,
    reauthentication: identity.reauthentication,
    now: Date.now,
  })
  const accounts = config.auth.mode === 'accounts'
  const { host, public_url: publicUrl } = config.server
  const site = createSite({ host, publicUrl, hostname: hostname(), accounts })
  const live = createLiveAccess(identity, Date.now)
  return { policy, identity, approvals, governance, site, accounts, live, ...ways }
}
