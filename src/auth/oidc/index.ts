import type { Logger } from '../../lib/logger.ts'
import { ConfigError, RefusedError } from '../../errors.ts'
import type { ExternalRules } from '../external/types.ts'
import type { Identity } from '../identity.ts'
import type { From } from '../identity-deps.ts'
import type { Caller } from '../types.ts'
import { checkDomain } from './claims.ts'
import type { OidcConfig } from './config.ts'
import { notAfresh, notBegun, somebodyElse } from './errors.ts'
import { exchange, type Exchanged } from './exchange.ts'
import { challengeOf, createFlows, type Flow } from './flows.ts'
import { clockTolerance, createProvider, type Known, type Provider } from './provider.ts'

/** Where to send a browser, and the secret that ties what comes back to it. */
export interface Begun {
  readonly url: URL
  readonly secret: string
}

export interface Returned {
  /** Of the session, for the cookie; undefined: it has the one that it had. */
  readonly secret: string | undefined
  /** Path to go to. */
  readonly to: string
}

/** Signing in at a provider, by the code flow with PKCE. */
export interface Oidc {
  readonly name: string
  /** `caller`: whoever confirms a session, or ties an account to themselves. */
  begin(about: Pick<Flow, 'redirectUri' | 'to' | 'purpose'>, caller?: Caller): Promise<Begun>
  /** What came back: the query, the browser's secret, and who it is signed in as. Throws `RefusedError`. */
  finish(search: string, secret: string | undefined, from: From, caller: Caller | undefined): Promise<Returned>
  /** Where the provider ends its own session; undefined: it offers nothing of the kind, or is away. */
  signOutUrl(back: string): Promise<URL | undefined>
}

export interface OidcDeps {
  readonly config: OidcConfig
  readonly identity: Pick<Identity, 'external' | 'signIn' | 'denials'>
  readonly log: Logger
  /** ms since the epoch. */
  readonly now: () => number
}

function rulesOf({ auto_create, link_by_email, default_role, role_map, group_map }: OidcConfig): ExternalRules {
  return {
    method: 'oidc',
    autoCreate: auto_create,
    linkBy: link_by_email ? 'email' : undefined,
    defaultRole: default_role,
    roleMap: role_map,
    groupMap: group_map,
  }
}

function authorisationUrl({ library, configuration }: Known, { scopes }: OidcConfig, flow: Flow): URL {
  return library.buildAuthorizationUrl(configuration, {
    redirect_uri: flow.redirectUri,
    scope: [...new Set(['openid', ...scopes])].join(' '),
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: challengeOf(flow.verifier),
    code_challenge_method: 'S256',
    // Two ways of saying: not by a session that is still open over there.
    ...(flow.purpose !== 'sign-in' && { prompt: 'login', max_age: '0' }),
  })
}

/** The same person, who proved it after they were asked to. */
async function confirm(
  { identity }: OidcDeps,
  flow: Flow,
  { person, provedAt }: Exchanged,
  from: From,
  caller: Caller,
) {
  if ((await identity.external.userOf(person)) !== caller.id) throw somebodyElse()
  if (provedAt === undefined || provedAt < flow.startedAt - (clockTolerance + 1) * 1000) throw notAfresh()
  return identity.signIn.confirmed(caller, from)
}

/** A session begins as fresh as the proof: that of an hour ago, or of a time unknown, has to be given again for some acts. */
async function open({ config, identity, now }: OidcDeps, found: Exchanged, from: From, caller: Caller | undefined) {
  checkDomain(found.person, config.allowed_domains)
  const userId = await identity.external.admit(found.person, rulesOf(config), from)
  const provedAt = Math.min(found.provedAt ?? 0, now())
  return (await identity.signIn.open(userId, from, 'oidc', caller, provedAt)).secret
}

/** What the flow was begun for; the session's secret where it becomes another. */
async function end(deps: OidcDeps, flow: Flow, found: Exchanged, from: From, caller: Caller | undefined) {
  if (flow.purpose === 'sign-in') return open(deps, found, from, caller)
  if (caller === undefined) throw notBegun()
  if (flow.purpose === 'confirm') return confirm(deps, flow, found, from, caller)
  checkDomain(found.person, deps.config.allowed_domains)
  await deps.identity.external.link(caller, found.person, 'oidc', from)
  return undefined
}

/** Into the log what administrators need to mend it, into the audit log that somebody was refused. */
function tell({ identity, log }: OidcDeps, refusal: RefusedError, from: From): void {
  const { cause } = refusal
  // `error` is what the provider calls it: a wrong secret is its invalid_client.
  const { code, error } = (cause ?? {}) as { code?: unknown; error?: unknown }
  const why = cause instanceof Error ? { problem: cause.message, cause: code, error } : {}
  log.warn({ code: refusal.code, ...why }, 'somebody who came from the provider was not let in')
  const about = { actor: { id: 'unknown', ip: from.ip }, requestId: from.requestId }
  identity.denials.record({ ...about, action: 'session.refuse', decision: 'deny', rule: `oidc: ${refusal.code}` })
}

async function finish(
  deps: OidcDeps,
  provider: Provider,
  flow: Flow | undefined,
  search: string,
  from: From,
  caller: Caller | undefined,
): Promise<Returned> {
  try {
    if (flow === undefined || (flow.purpose !== 'sign-in' && flow.session !== caller?.credential)) throw notBegun()
    const found = await exchange(await provider.known(), flow, search, deps.config.group_claim)
    return { secret: await end(deps, flow, found, from, caller), to: flow.to }
  } catch (error) {
    if (error instanceof RefusedError) tell(deps, error, from)
    throw error
  }
}

/** Undefined where no provider is configured. Throws `ConfigError` where one is, but not wholly. */
export function createOidc(deps: OidcDeps): Oidc | undefined {
  const { config, now } = deps
  if (config.issuer === '') return undefined
  if (config.client_id === '') throw new ConfigError('auth.oidc.issuer is set, but auth.oidc.client_id is empty')
  const provider = createProvider(config, deps)
  const flows = createFlows(now)
  return {
    name: config.name,
    async begin(about, caller) {
      const known = await provider.known()
      const { flow, secret } = flows.begin({ ...about, session: caller?.credential })
      return { url: authorisationUrl(known, config, flow), secret }
    },
    finish(search, secret, from, caller) {
      const states = new URLSearchParams(search).getAll('state')
      const flow = states.length === 1 ? flows.take(states[0] ?? '', secret) : undefined
      return finish(deps, provider, flow, search, from, caller)
    },
    async signOutUrl(back) {
      const known = await provider.known().catch(() => undefined)
      if (known?.configuration.serverMetadata().end_session_endpoint === undefined) return undefined
      return known.library.buildEndSessionUrl(known.configuration, { post_logout_redirect_uri: back })
    },
  }
}
