import type { Configuration, ClientAuth } from 'openid-client'
import { ConfigError } from '../../errors.ts'
import type { Logger } from '../../lib/logger.ts'
import { isLoopback } from '../loopback.ts'
import type { OidcConfig } from './config.ts'
import { away } from './errors.ts'

export type Library = typeof import('openid-client')

/** The provider as it described itself, and the library to talk to it with. */
export interface Known {
  readonly library: Library
  readonly configuration: Configuration
}

export interface Provider {
  /** From memory while that is fresh. Throws `RefusedError` OIDC_AWAY when the provider cannot be asked. */
  known(): Promise<Known>
}

export interface ProviderDeps {
  readonly log: Logger
  /** ms since the epoch. */
  readonly now: () => number
}

/** s; how long one answer of the provider may take. */
const timeout = 8
/** ms after which the provider is asked again what it is like, and until which the old answer is better than none. */
const freshFor = 3_600_000
const usableFor = 24 * 3_600_000
/** ms during which a provider that was away is not asked again. */
const restAfterFailure = 3000
/** s by which clocks may differ. */
export const clockTolerance = 30

/** The issuer as a URL; throws `ConfigError` for what would carry codes and tokens readable over a network. */
export function issuerUrl(issuer: string): URL {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (url === undefined || !safe) {
    throw new ConfigError(`auth.oidc.issuer is ${JSON.stringify(issuer)}, but has to be an https:// address`)
  }
  return url
}

/** As the provider prefers: the default of the standard is basic, and some take nothing else. */
function clientAuth({ ClientSecretBasic, ClientSecretPost, None }: Library, secret: string): ClientAuth {
  if (secret === '') return None()
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)]
  return (server, ...request) => {
    const taken = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const prefersPost = !taken.includes('client_secret_basic') && taken.includes('client_secret_post')
    return (prefersPost ? post : basic)(server, ...request)
  }
}

async function discover(url: URL, { client_id, client_secret }: OidcConfig): Promise<Known> {
  const library = await import('openid-client')
  const { discovery, enableNonRepudiationChecks, allowInsecureRequests } = library
  const metadata = { [library.clockTolerance]: clockTolerance }
  const configuration = await discovery(url, client_id, metadata, clientAuth(library, client_secret), {
    timeout,
    // Signatures are checked even though the token came from the provider itself, so `alg: none` is no way in.
    execute: [enableNonRepudiationChecks, ...(url.protocol === 'http:' ? [allowInsecureRequests] : [])],
  })
  return { library, configuration }
}

/** Nothing is loaded or asked before somebody signs in. */
export function createProvider(config: OidcConfig, { log, now }: ProviderDeps): Provider {
  const url = issuerUrl(config.issuer)
  let kept: { readonly known: Known; readonly since: number } | undefined
  let asking: Promise<Known> | undefined
  let failedAt = Number.NEGATIVE_INFINITY
  async function ask(): Promise<Known> {
    try {
      const known = await discover(url, config)
      kept = { known, since: now() }
      return known
    } catch (err) {
      failedAt = now()
      log.warn({ err: err instanceof Error ? err.message : String(err), issuer: url.href }, 'the provider is away')
      if (kept !== undefined && now() - kept.since < usableFor) return kept.known
      throw away()
    } finally {
      asking = undefined
    }
  }
  return {
    async known() {
      const resting = now() - failedAt < restAfterFailure
      if (kept !== undefined && (now() - kept.since < freshFor || resting)) return kept.known
      if (resting) throw away()
      return (asking ??= ask())
    },
  }
}
