import { isIP } from 'node:net'
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
  /** What it proves itself with; undefined while there are no accounts. */
  readonly proof?: 'cookie' | 'bearer' | 'none'
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
export function hostAllowed(host: string | undefined, names: ReadonlySet<string>, anyAddress = false): boolean {
  const name = hostName(host)
  if (name === undefined) return false
  return isLoopback(name) || names.has(name) || (anyAddress && isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0)
}

/**
 * Whether a request may be served, by where it comes from:
 * - with an Origin: only our own (scheme, host and port as in the Host header, which was checked) or one configured;
 * - without, from a browser (it sends Sec-Fetch-Site): from our own pages, typed in, or a link that was followed;
 * - without, from no browser (k6, websocat, an SDK): with a token, or with nothing, which then reaches nothing but what is
 *   open to all and waits for a ticket; with a cookie only to read. Without accounts: only from this machine.
 */
export function originAllowed(from: Provenance, configured: ReadonlySet<string>): boolean {
  const { origin, fetchSite, method } = from
  if (origin !== undefined) {
    const own = `${from.encrypted ? 'https' : 'http'}://${from.host ?? ''}`.toLowerCase()
    return origin === own || configured.has(origin)
  }
  const safe = method === 'GET' || method === 'HEAD'
  if (fetchSite === undefined) {
    if (from.proof === undefined) return from.loopback
    return from.proof !== 'cookie' || (safe && !from.upgrade)
  }
  if (fetchSite === 'same-origin' || fetchSite === 'none') return true
  return safe && from.fetchMode === 'navigate' && !from.upgrade
}
