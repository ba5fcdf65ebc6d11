/**
 * The session cookie. Over HTTPS it has the `__Host-` prefix: browsers then take it from this very host alone, over
 * HTTPS alone. Over plain HTTP that is not to be had, and the name is another, so that neither is taken for the other.
 */
const names = { secure: '__Host-aura_session', plain: 'aura_session' } as const

const nameOf = (secure: boolean): string => (secure ? names.secure : names.plain)

/** The session's secret in a Cookie header. */
export const sessionCookie = (header: string | undefined, secure: boolean): string | undefined =>
  cookieValue(header, nameOf(secure))

/** What a cookie of that name carries; undefined without one, and when there are two that differ. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  if (header === undefined || header.length > 16_384) return undefined
  const start = `${name}=`
  const found = new Set(
    header
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part.startsWith(start))
      .map((part) => part.slice(start.length)),
  )
  return found.size === 1 ? [...found][0] : undefined
}

/** A Set-Cookie that hands out a session; the browser forgets it after `maxAge` seconds. */
export const setSession = (secret: string, secure: boolean, maxAge: number): string =>
  `${nameOf(secure)}=${secret}; Path=/; Max-Age=${Math.max(0, Math.floor(maxAge))}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`

/** A Set-Cookie that takes it back. */
export const clearSession = (secure: boolean): string => setSession('', secure, 0)
