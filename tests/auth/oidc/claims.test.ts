import { expect, test } from 'vitest'
import { checkDomain, personOf } from '../../../src/auth/oidc/claims.ts'
import { issuerUrl } from '../../../src/auth/oidc/provider.ts'

test.each([
  'http://login.example.org',
  'ftp://login.example.org',
  'login.example.org',
  'http://127.0.0.1.evil.example',
])('%s is no issuer: codes and secrets would be readable', (issuer) => {
  expect(() => issuerUrl(issuer)).toThrow(/https/)
})

test.each(['https://login.example.org/realms/home', 'http://127.0.0.1:9000', 'http://localhost:9000'])(
  '%s is one',
  (issuer) => {
    expect(issuerUrl(issuer).href).toContain(issuer)
  },
)

const person = (...sources: object[]) => personOf('https://x', 'sub', sources as Record<string, unknown>[], 'groups')

test('an address counts only when it is verified where it was said', () => {
  const email = 'ada@example.org'
  expect(person({ email, email_verified: true }).email).toBe(email)
  for (const verified of [false, 'true', 1, null, undefined, {}])
    expect(person({ email, email_verified: verified }).email).toBeUndefined()
  // The word of one answer does not vouch for the address in another.
  expect(person({ email }, { email: 'other@example.org', email_verified: true }).email).toBeUndefined()
  expect(person({}, { email, email_verified: true }).email).toBe(email)
})

test('groups and names may be of any type, and are then none', () => {
  for (const groups of [undefined, null, 7, {}, [[]], [null, 7]]) expect(person({ groups }).groups).toEqual([])
  expect(person({ groups: 'one' }).groups).toEqual(['one'])
  expect(person({ groups: ['one', 2, ''] }).groups).toEqual(['one'])
  expect(person({ name: 7, preferred_username: ['x'] })).toMatchObject({ name: '', logins: ['user'] })
})

const at = (email: string) => person({ email, email_verified: true })

test('a domain is the part behind the last @, whole', () => {
  for (const email of ['a@example.org', 'a@EXAMPLE.org', '"x@evil.example"@example.org'])
    expect(() => checkDomain(at(email), ['Example.ORG'])).not.toThrow()
  for (const email of [
    'a@evil.example',
    'a@sub.example.org',
    'a@example.org.evil.example',
    'example.org',
    'a@notexample.org',
  ])
    expect(() => checkDomain(at(email), ['example.org']), email).toThrow()
})
