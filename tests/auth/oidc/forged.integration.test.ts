import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Accounts } from '../../support/accounts.ts'
import { asProgram, away, code, startOidc, type TestOidc } from '../../support/oidc.ts'
import { createBrowser } from '../../support/provider.ts'

let oidc: TestOidc
let aura: Accounts
let provider: TestOidc['provider']
beforeAll(async () => {
  oidc = await startOidc()
  ;({ aura, provider } = oidc)
})
afterAll(() => oidc?.[Symbol.asyncDispose]())
beforeEach(() => provider.spoil())

test('a way back is good for one try, in the browser that began it', async () => {
  const { browser, back } = await away(aura, 'sub-grace')
  const stranger = createBrowser()
  const elsewhere = await stranger.visit(back, asProgram)
  expect([elsewhere.status, code(elsewhere.text)]).toEqual([400, 'OIDC_STATE'])
  const secret = browser.jarOf(aura.origin).get('aura_sign_in') ?? ''
  expect((await browser.visit(back)).status).toBe(302)
  browser.jarOf(aura.origin).set('aura_sign_in', secret)
  const replay = await browser.visit(back, asProgram)
  expect([replay.status, code(replay.text)]).toEqual([400, 'OIDC_STATE'])
  // For people it is a page, with the same status.
  const page = await stranger.visit(back)
  expect([page.status, page.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8'])
  expect(page.text).toContain('href="/sign-in"')
})

test.each([
  ['another state', (url: URL) => url.searchParams.set('state', 'A'.repeat(43))],
  ['no state', (url: URL) => url.searchParams.delete('state')],
  ['two states', (url: URL) => url.searchParams.append('state', url.searchParams.get('state') ?? '')],
])('%s is refused', async (_, change) => {
  const { browser, back } = await away(aura, 'sub-grace')
  const url = new URL(back)
  change(url)
  const answer = await browser.visit(url.href, asProgram)
  expect([answer.status, code(answer.text)]).toEqual([400, 'OIDC_STATE'])
  expect(browser.jarOf(aura.origin).has('aura_session')).toBe(false)
})

test.each([
  ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example'), 403, 'OIDC_INVALID'],
  ['no issuer', (url: URL) => url.searchParams.delete('iss'), 403, 'OIDC_INVALID'],
  ['another code', (url: URL) => url.searchParams.set('code', 'A'.repeat(43)), 403, 'OIDC_INVALID'],
  ['two codes', (url: URL) => url.searchParams.append('code', 'x'), 403, 'OIDC_INVALID'],
  [
    'a no',
    (url: URL) => {
      url.searchParams.delete('code')
      url.searchParams.set('error', 'access_denied')
      url.searchParams.set('error_description', '<script>alert(1)</script>')
    },
    403,
    'OIDC_DECLINED',
  ],
])('%s in the address that leads back is refused', async (_, change, status, expected) => {
  const { browser, back } = await away(aura, 'sub-grace')
  const url = new URL(back)
  change(url)
  const answer = await browser.visit(url.href, asProgram)
  expect([answer.status, code(answer.text)]).toEqual([status, expected])
  expect(answer.text).not.toContain('script')
  expect(browser.jarOf(aura.origin).has('aura_session')).toBe(false)
})

test.each([
  ['no signature at all', { alg: 'none' as const }],
  ['an algorithm that takes the secret', { alg: 'HS256' as const }],
  ['a broken signature', { signature: true }],
  ['another issuer', { claims: { iss: 'https://evil.example' } }],
  ['another audience', { claims: { aud: 'somebody-else' } }],
  ['two audiences and no party', { claims: { aud: ['aura', 'somebody-else'] } }],
  ['another nonce', { claims: { nonce: 'A'.repeat(43) } }],
  ['no nonce', { claims: { nonce: null } }],
  ['an end in the past', { claims: { exp: 1_000_000_000 } }],
  ['a beginning in the future', { claims: { nbf: 4_000_000_000 } }],
  ['no subject', { claims: { sub: null } }],
  ['a userinfo of somebody else', { userinfoSub: 'sub-ada' }],
])('a token with %s is refused', async (_, how) => {
  const { browser, back } = await away(aura, 'sub-grace')
  await provider.spoil(how)
  const answer = await browser.visit(back, asProgram)
  expect([answer.status, code(answer.text)]).toEqual([403, 'OIDC_INVALID'])
  expect(browser.jarOf(aura.origin).has('aura_session')).toBe(false)
})

test('a code that has run out is refused', async () => {
  await provider.spoil({ seconds: 1 })
  const { browser, back } = await away(aura, 'sub-grace')
  await new Promise((resolve) => setTimeout(resolve, 2100))
  const answer = await browser.visit(back, asProgram)
  expect([answer.status, code(answer.text)]).toEqual([403, 'OIDC_INVALID'])
})

test('a flow that took too long is refused, and refusals are in the audit log', async () => {
  const { browser, back } = await away(aura, 'sub-grace')
  aura.time.now += 600_001
  try {
    expect(code((await browser.visit(back, asProgram)).text)).toBe('OIDC_STATE')
  } finally {
    aura.time.now -= 600_001
  }
  aura.identity.denials.flush(0)
  await aura.identity.denials.settled()
  const refusals = aura.audit.entries.filter(({ action }) => action === 'session.refuse')
  expect(refusals.map(({ rule }) => rule)).toContain('oidc: OIDC_STATE')
})
