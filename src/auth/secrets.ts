import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** 256 bits that nobody guesses, as 43 characters for a cookie or a link. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

const hash = (text: string): Buffer => createHash('sha256').update(text).digest()

/** SHA-256, hex: what is stored of a secret. A secret of 256 random bits needs no slower hash. */
export const digest = (secret: string): string => hash(secret).toString('hex')

/** Whether a text is this secret; the time that it takes tells nothing of where they differ. */
export function isSame(secret: string): (given: string) => boolean {
  const expected = hash(secret)
  return (given) => timingSafeEqual(hash(given), expected)
}

/** Whether a text has the form of `newSecret`; anything else is not even looked up. */
export const isSecret = (text: string): boolean => /^[\w-]{43}$/.test(text)

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

function base62(value: bigint, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest /= 62n) text = (digits[Number(rest % 62n)] ?? '') + text
  return text
}

const prefix = 'aura_'
const checksum = (body: string): string => base62(BigInt(crc32(body)), 6)

/**
 * A new API token: `aura_`, 32 random bytes in base 62, and a checksum. The prefix lets secret scanners find one that
 * leaked; the checksum tells a mistyped one from a revoked one without a look into the database.
 */
export function newToken(): string {
  const body = base62(BigInt(`0x${randomBytes(32).toString('hex')}`), 43)
  return `${prefix}${body}${checksum(body)}`
}

/** Whether a text is a token that some Aura made. */
export function isToken(text: string): boolean {
  const body = /^aura_([0-9A-Za-z]{43})[0-9A-Za-z]{6}$/.exec(text)?.[1]
  return body !== undefined && text.endsWith(checksum(body))
}
