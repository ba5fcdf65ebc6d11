import { RefusedError } from '../../errors.ts'

/** The provider does not answer, or not in a way that can be used. */
export const away = (): RefusedError =>
  new RefusedError(503, 'OIDC_AWAY', 'The provider cannot be reached; a password still works, or try again later', {
    retryAfter: 10,
  })
/** Nobody here began what came back. */
export const notBegun = (): RefusedError =>
  new RefusedError(400, 'OIDC_STATE', 'This sign-in was not begun in this browser, or long ago; begin again')
/** What came back does not hold: signature, issuer, nonce, times, a code that was used. */
export const notValid = (): RefusedError =>
  new RefusedError(403, 'OIDC_INVALID', 'What the provider answered does not hold; begin again')
/** The provider said no, or the person did. */
export const declined = (): RefusedError => new RefusedError(403, 'OIDC_DECLINED', 'The provider did not sign you in')
export const notThisDomain = (): RefusedError =>
  new RefusedError(403, 'OIDC_DOMAIN', 'This takes a verified e-mail address of a domain that is let in')
export const somebodyElse = (): RefusedError =>
  new RefusedError(403, 'OIDC_OTHER', 'You proved to be somebody else than you are signed in as')
export const notAfresh = (): RefusedError =>
  new RefusedError(403, 'OIDC_STALE', 'The provider does not say that you have just proved who you are')
export const noProvider = (): RefusedError => new RefusedError(404, 'NO_PROVIDER', 'Nobody signs in this way here')

/** What went wrong while talking to the provider, by what the library throws: its own errors carry a code, others do not. */
export function refusalOf(error: unknown): RefusedError {
  if (error instanceof RefusedError) return error
  const { code = '', status = 0 } = error instanceof Error ? (error as { code?: string; status?: number }) : {}
  const refusal =
    code === 'OAUTH_AUTHORIZATION_RESPONSE_ERROR'
      ? declined()
      : code === '' || unusable.has(code) || status >= 500
        ? away()
        : notValid()
  return Object.assign(refusal, { cause: error })
}

const unusable = new Set([
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
])
