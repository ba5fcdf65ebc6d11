/** Address of the sign-in page that leads back to `path` afterwards. */
export const signInPath = (path: string): string =>
  path === '/' || path.startsWith('/sign-in') ? '/sign-in' : `/sign-in?to=${encodeURIComponent(path)}`

/**
 * Where to go after signing in: a path of this console and nothing else, or `/`. What a browser reads as another host
 * (`//host`, `/\host`) is none.
 */
export function returnPath(to: string | undefined): string {
  if (to === undefined || !/^\/(?![/\\])/.test(to) || /[\\\p{Cc}]/u.test(to) || to.startsWith('/sign-in')) return '/'
  return to
}

/** The secret behind `#token=` of a link. */
export function tokenOf(hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('token')
  return token === null || token === '' ? undefined : token
}
