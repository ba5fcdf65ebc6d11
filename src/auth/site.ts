import type { FastifyRequest } from 'fastify'
import { isLoopback } from './loopback.ts'

export interface SiteOptions {
  /** `server.host`: what is listened on. */
  readonly host: string
  /** `server.public_url`: under what people reach it; empty: under the address itself. */
  readonly publicUrl: string
  /** Name of this machine. */
  readonly hostname: string
  readonly accounts: boolean
}

/** Under which names Aura may be reached, and how safely. */
export interface Site {
  /** Names that a Host header may carry besides those of loopback; lower case. */
  readonly names: ReadonlySet<string>
  /** Origins besides that of the Host header: the one behind a proxy that ends TLS. */
  readonly origins: readonly string[]
  /** Whether a Host header may be any address: no rebound name is one. */
  readonly anyAddress: boolean
  /** Whether the browser spoke HTTPS. */
  secure(request: Pick<FastifyRequest, 'protocol' | 'headers'>): boolean
}

/**
 * The names of loopback always; what is configured; and on a network the addresses and the name of this machine. A page
 * of a hostile site that makes its own name resolve to this machine comes with that name, and is refused.
 */
export function createSite({ host, publicUrl, hostname, accounts }: SiteOptions): Site {
  const open = accounts && !isLoopback(host)
  const url = publicUrl === '' ? undefined : new URL(publicUrl)
  const own = hostname.toLowerCase()
  const names = [host.toLowerCase(), ...(url ? [url.hostname] : []), ...(open ? [own, `${own}.local`] : [])]
  return {
    names: new Set(names),
    origins: url === undefined ? [] : [url.origin],
    anyAddress: open,
    secure({ protocol, headers }) {
      return protocol === 'https' || (url?.protocol === 'https:' && headers.host?.toLowerCase() === url.host)
    },
  }
}
