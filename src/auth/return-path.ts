const here = 'http://aura.invalid'

/**
 * A path of this console to go back to, or `/`: nothing that a browser could take for another host, whatever it makes of
 * backslashes, dots and control characters, and nothing of the API, where a visit could set something off.
 */
export function safeReturn(path: string | undefined): string {
  if (path === undefined || path.length > 2000 || !/^\/(?![/\\])/.test(path) || /[\\\p{C}]/u.test(path)) return '/'
  if (!URL.canParse(path, here)) return '/'
  const { origin, pathname, search, hash } = new URL(path, here)
  const foreign = origin !== here || pathname.startsWith('//') || /^\/(api|connection|ws)(\/|$)/.test(pathname)
  return foreign ? '/' : pathname + search + hash
}
