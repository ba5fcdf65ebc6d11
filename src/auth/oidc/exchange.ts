import type { ExternalPerson } from '../external/types.ts'
import { personOf, type Claims } from './claims.ts'
import { notValid, refusalOf } from './errors.ts'
import type { Flow } from './flows.ts'
import type { Known } from './provider.ts'

/** What a code turned out to be worth. */
export interface Exchanged {
  readonly person: ExternalPerson
  /** When somebody last proved to the provider who they are, ms since the epoch; undefined: it does not say. */
  readonly provedAt: number | undefined
}

/** Tells why the token alone is not enough: some providers keep groups or addresses for those who ask again. */
const wantsMore = (claims: Claims, groupClaim: string): boolean =>
  claims['email'] === undefined || claims['preferred_username'] === undefined || claims[groupClaim] === undefined

/** Redeems the code that came back with `search`, and checks all there is to check of the answer. Throws `RefusedError`. */
export const exchange = (...about: Parameters<typeof redeem>): Promise<Exchanged> =>
  redeem(...about).catch((error: unknown) => {
    throw refusalOf(error)
  })

async function redeem(
  { library, configuration }: Known,
  flow: Flow,
  search: string,
  groupClaim: string,
): Promise<Exchanged> {
  const url = new URL(flow.redirectUri)
  url.search = search
  const tokens = await library.authorizationCodeGrant(configuration, url, {
    pkceCodeVerifier: flow.verifier,
    expectedState: flow.state,
    expectedNonce: flow.nonce,
    idTokenExpected: true,
  })
  const claims = tokens.claims()
  if (claims === undefined) throw notValid()
  const more =
    configuration.serverMetadata().userinfo_endpoint !== undefined && wantsMore(claims, groupClaim)
      ? await library.fetchUserInfo(configuration, tokens.access_token, claims.sub)
      : {}
  const { iss, sub, auth_time: at } = claims
  return {
    person: personOf(iss, sub, [claims, more], groupClaim),
    provedAt: typeof at === 'number' ? at * 1000 : undefined,
  }
}
