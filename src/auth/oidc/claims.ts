import type { ExternalPerson } from '../external/types.ts'
import { notThisDomain } from './errors.ts'

/** What the provider says of somebody; nothing in it is known to have any type. */
export type Claims = Readonly<Record<string, unknown>>

const text = (value: unknown): string => (typeof value === 'string' ? value.trim().slice(0, 300) : '')

const mostGroups = 500
const groupsIn = (value: unknown): string[] =>
  [value]
    .flat()
    .filter((each): each is string => typeof each === 'string' && each !== '')
    .slice(0, mostGroups)

/** An address and whether it was verified have to come from the same place; anything but `true` is no. */
function verifiedEmail(sources: readonly Claims[]): string | undefined {
  const source = sources.find((claims) => typeof claims['email'] === 'string')
  const email = text(source?.['email'])
  return source?.['email_verified'] === true && email.includes('@') ? email : undefined
}

/**
 * The person behind an ID token and what the provider's userinfo adds; where both say something the token counts, since
 * it is signed.
 */
export function personOf(
  issuer: string,
  subject: string,
  sources: readonly Claims[],
  groupClaim: string,
): ExternalPerson {
  const claim = (name: string): unknown => sources.find((claims) => claims[name] !== undefined)?.[name]
  const email = verifiedEmail(sources)
  const login = text(claim('preferred_username'))
  const names = [login, email?.split('@')[0] ?? '', email ?? ''].filter((each) => each !== '')
  return {
    issuer,
    subject,
    name: text(claim('name')) || login,
    logins: names.length === 0 ? ['user'] : [...new Set(names)],
    email,
    groups: groupsIn(claim(groupClaim)),
  }
}

/** Throws unless somebody's verified address is in one of the domains; an empty list lets everybody in. */
export function checkDomain({ email }: ExternalPerson, domains: readonly string[]): void {
  const domain = email?.slice(email.lastIndexOf('@') + 1).toLowerCase()
  if (domains.length > 0 && !domains.some((each) => each.toLowerCase() === domain)) throw notThisDomain()
}
