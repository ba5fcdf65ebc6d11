import { isLoopback } from './loopback.ts'

/** What a request says of where it comes from. All but `loopback` is from its headers, as they were sent. */
export interface Provenance {
  readonly method: string
  readonly host: string | undefined
  readonly origin: string | undefined
  /** `Sec-Fetch-Site` and `Sec-Fetch-Mode`: every current browser sends them, and no page can forge them. */
  readonly fetchSite: string | undefined
  readonly fetchMode: string | undefined
  readonly upgrade: boolean
  readonly encrypted: boolean
  /** Whether the socket's other end is on this machine. */
  readonly loopback: boolean
}

const parsable = /^[a-z0-9.-]+(?::\d{1,5})?$|^\[[0-9a-f:.]+\](?::\d{1,5})?$/i

/** The name in a Host header, lower case, without its port; undefined if that is not a Host header at all. */
export function hostName(host: string | undefined): string | undefined {
  if (host === undefined || host.length > 255 || !parsable.test(host)) return undefined
  return host.replace(/:\d{1,5}$/, '').toLowerCase()
}

/**
 * Whether a Host header names this Aura. A page of a hostile site can make its own name resolve to 127.0.0.1 and so be
 * of the same origin as we; but then its requests carry that name.
 */
export function hostAllowed(host: string | undefined, names: ReadonlySet<string>): boolean {
  const name = hostName(host)
  return name !== undefined && (isLoopback(name) || names.has(name))
}

/**
 * Whether a request may be served, by where it comes from:
 * - with an Origin: only our own (scheme, host and port as in the Host header, which was checked) or one configured;
 * - without, from a browser (it sends Sec-Fetch-Site): from our own pages, typed in, or a link that was followed;
 * - without, from no browser (k6, websocat, an SDK): only from this machine, and only until tickets and tokens exist.
 */
export function originAllowed(from: Provenance, configured: ReadonlySet<string>): boolean {
  const { origin, fetchSite, method } = from
  if (origin !== undefined) {
    const own = `${from.encrypted ? 'https' : 'http'}://${from.host ?? ''}`.toLowerCase()
    return origin === own || configured.has(origin)
  }
  if (fetchSite === undefined) return from.loopback
  if (fetchSite === 'same-origin' || fetchSite === 'none') return true
  const safe = method === 'GET' || method === 'HEAD'
  return safe && from.fetchMode === 'navigate' && !from.upgrade
}
