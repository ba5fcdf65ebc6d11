import { isLoopback } from './loopback.ts'

/**
 * The farthest address that a request came through: the first one that is not on this machine, of those that proxies on
 * this machine put into `X-Forwarded-For`, or else that of the socket. What a caller itself writes there can only make
 * it a stranger.
 */
export function farthest(
  socket: string | undefined,
  forwarded: string | readonly string[] | undefined,
): string | undefined {
  const named = (typeof forwarded === 'string' ? forwarded : (forwarded ?? []).join(',')).split(',')
  return named.map((address) => address.trim()).find((address) => address !== '' && !isLoopback(address)) ?? socket
}
