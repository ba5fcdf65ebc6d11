import { isIPv4, isIPv6 } from 'node:net'
import { StartError } from '../errors.ts'

/** Brackets and a mapped IPv4 prefix taken off, IPv6 in its shortest form. */
export function canonicalAddress(host: string): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1]
  if (mapped !== undefined) return mapped
  // The URL parser knows how to shorten an address; it knows no zones.
  return isIPv6(bare) && !bare.includes('%') ? new URL(`http://[${bare}]`).hostname.slice(1, -1) : bare
}

/** Whether a host name or address can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  const bare = canonicalAddress(host)
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'))
}

/** Throws a `StartError` unless the console listens on loopback: without accounts whoever reaches it may do all. */
export function refuseOpenBind(host: string): void {
  if (isLoopback(host)) return
  throw new StartError(
    `server.host is ${JSON.stringify(host)}, but without accounts the console may listen on this machine only: set AURA_AUTH_MODE to accounts, or AURA_SERVER_HOST to 127.0.0.1`,
  )
}

/** What to say of a console that is reached over a network without encryption; undefined where it is not. */
export function plainHttpWarning(host: string, publicUrl: string): string | undefined {
  if (isLoopback(host) || publicUrl.startsWith('https://')) return undefined
  return `the console listens on ${host} over plain HTTP: whoever can read the network reads passwords and sessions. Put a reverse proxy with TLS in front of it and set AURA_SERVER_PUBLIC_URL to its https:// address`
}
