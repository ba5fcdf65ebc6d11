import type { Close } from './admission.ts'

const close = (code: number, reason: string): Close => ({ code, reason })

/** How connections end. 3000-3499 and 4000-4499 tell the client to reconnect, 3500-3999 and 4500-4999 not to. */
export const closes = {
  shutdown: close(3001, 'shutdown'),
  internal: close(3004, 'internal server error'),
  expired: close(3005, 'connection expired'),
  slow: close(3008, 'slow'),
  /** What the client has and what it was sent do not fit together: it comes back and resumes. */
  insufficient: close(3010, 'insufficient state'),
  noPong: close(3012, 'no pong'),
  tooManyRequests: close(3013, 'too many requests'),
  invalidToken: close(3500, 'invalid token'),
  badRequest: close(3501, 'bad request'),
  stale: close(3502, 'stale'),
  connectionLimit: close(3504, 'connection limit'),
  denied: close(3507, 'permission denied'),
  tooManyErrors: close(3509, 'too many errors'),
  /** The client is still who it was, but has to come back with a fresh token. */
  refreshToken: close(4401, 'refresh token'),
  /** An operator wants nobody here for now; the client does not come back by itself. */
  maintenance: close(4503, 'maintenance'),
  /** What drain and shutdown, an internal error, and maintenance are to sockets that do not speak the protocol. */
  restart: close(1012, 'restart'),
  failed: close(1011, 'internal error'),
  tryLater: close(1013, 'try again later'),
} as const

const drainCode = 4001

/** The client comes back at a random moment within `ms`, so that a restart is no storm. */
export const drain = (ms: number): Close => close(drainCode, `drain ${Math.ceil(ms)}`)

/** Codes that a socket without the protocol knows, for those that it does not. */
export function forPlain(told: Close): Close {
  if (told.code === closes.maintenance.code) return closes.tryLater
  if (told.code === closes.internal.code) return closes.failed
  return told.code === drainCode || told.code === closes.shutdown.code ? closes.restart : told
}

/** How subscriptions end; from 2500 on the client subscribes again, and is then judged anew. */
export const unsubscribes = {
  insufficient: close(2500, 'insufficient state'),
  expired: close(2501, 'subscription expired'),
  rights: close(2503, 'rights changed'),
} as const

export interface ErrorReply {
  readonly code: number
  readonly message: string
  readonly temporary?: true
}

/** Answers to commands that were not carried out: fixed words, never anything of the input or from inside. */
export const errors = {
  internal: { code: 100, message: 'internal server error', temporary: true },
  unauthorized: { code: 101, message: 'unauthorized' },
  unknownChannel: { code: 102, message: 'unknown channel' },
  denied: { code: 103, message: 'permission denied' },
  alreadySubscribed: { code: 105, message: 'already subscribed' },
  limit: { code: 106, message: 'limit exceeded' },
  badRequest: { code: 107, message: 'bad request' },
  notAvailable: { code: 108, message: 'not available' },
  tokenExpired: { code: 109, message: 'token expired' },
  tooManyRequests: { code: 111, message: 'too many requests', temporary: true },
  unrecoverable: { code: 112, message: 'unrecoverable position' },
} as const satisfies Record<string, ErrorReply>
