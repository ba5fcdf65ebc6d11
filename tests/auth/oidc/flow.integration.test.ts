import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { password, startAccounts, type Accounts } from '../../support/accounts.ts'
import { asProgram, away, code, people, signIn, start, callback, startOidc, type TestOidc } from '../../support/oidc.ts'
import { createBrowser, startProvider } from '../../support/provider.ts'

let oidc: TestOidc
let aura: Accounts
let provider: TestOidc['provider']
beforeAll(async () => {
  oidc = await startOidc()
  ;({ aura, provider } = oidc)
})
afterAll(() => oidc?.[Symbol.asyncDispose]())
beforeEach(() => provider.spoil())

test('the whole way: who was never here gets an account, and the second time it is the same one', async () => {
  const { browser, back, asked } = await away(aura, 'sub-grace')
  expect(Object.fromEntries(asked.searchParams)).toMatchObject({
    response_type: 'code',
    client_id: 'aura',
    redirect_uri: callback(aura),
    code_challenge_method: 'S256',
    scope: 'openid profile email groups',
  })
  for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.searchParams.get(name)).toMatch(/^[\w-]{43}$/)
  const answer = await browser.visit(back)
  expect([answer.status, answer.next]).toEqual([302, `${aura.origin}/governance`])
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect([...browser.jarOf(aura.origin).keys()]).toEqual(['aura_session'])
  const view = JSON.parse((await browser.visit(`${aura.origin}/api/account`)).text)
  expect(view).toMatchObject({
    user: { name: 'Grace' },
    proof: 'session',
    roles: ['administrator'],
    confirmUrl: '/api/account/oidc/confirm',
  })
  expect(view.confirmedUntil).toBeGreaterThan(aura.time.now)
  const again = await signIn(aura, 'sub-grace')
  expect(again.view.user).toEqual(view.user)
  expect(again.view.credential).not.toBe(view.credential)
  const row = await aura.identity.accounts.user(view.user.id)
  expect(row).toMatchObject({ login: 'grace', email: 'grace@example.org', methods: ['oidc'], state: 'active' })
  const acts = aura.audit.entries.filter(({ object }) => object === `user:${view.user.id}`)
  expect(acts.map(({ action }) => action)).toEqual(['user.create', 'user.link', 'role.assign'])
})

test('nobody fills the memory with ways in that never come back', async () => {
  await using flooded = await startAccounts(oidc.database, { oidc: oidc.config() })
  const answers = new Set<number>()
  for (let n = 0; n < 130; n++) answers.add((await flooded.send('/api/account/oidc/start')).statusCode)
  expect(answers).toEqual(new Set([302, 429]))
})

test('the methods tell of it', async () => {
  const { methods } = (await aura.send('/api/account/methods')).json()
  expect(methods).toContainEqual({ kind: 'oidc', name: 'Single sign-on', url: '/api/account/oidc/start' })
})

test('the session that the browser had before ends, and its secret is never taken over', async () => {
  const browser = createBrowser()
  browser.jarOf(aura.origin).set('aura_session', 'A'.repeat(43))
  const planted = await away(aura, 'sub-grace', start(aura), browser)
  await browser.visit(planted.back)
  const first = browser.jarOf(aura.origin).get('aura_session') ?? ''
  expect(first).not.toBe('A'.repeat(43))
  const { back } = await away(aura, 'sub-grace', start(aura), browser)
  await browser.visit(back)
  expect(browser.jarOf(aura.origin).get('aura_session')).not.toBe(first)
  expect((await aura.send('/api/account', { headers: { cookie: `aura_session=${first}` } })).statusCode).toBe(401)
})

test.each([
  '//evil.example',
  '/\\evil.example',
  'https://evil.example',
  '/.//evil.example',
  '/api/account/oidc/start',
  '',
])('after signing in nobody is sent to %j', async (to) => {
  const { browser, back } = await away(aura, 'sub-grace', start(aura, to))
  expect((await browser.visit(back)).next).toBe(`${aura.origin}/`)
})

test('proving it once more takes the provider’s own question, the same person, and the same session', async () => {
  const { browser } = await signIn(aura, 'sub-grace')
  const account = async () => JSON.parse((await browser.visit(`${aura.origin}/api/account`)).text)
  const before = await account()
  const secret = browser.jarOf(aura.origin).get('aura_session')
  const from = `${aura.origin}/api/account/oidc/confirm?to=/governance`
  const flow = await away(aura, 'sub-grace', from, browser)
  expect([flow.asked.searchParams.get('prompt'), flow.asked.searchParams.get('max_age')]).toEqual(['login', '0'])
  // A provider that did not ask again.
  await provider.spoil({ claims: { auth_time: Math.floor(Date.now() / 1000) - 300 } })
  expect(code((await browser.visit(flow.back, asProgram)).text)).toBe('OIDC_STALE')
  await provider.spoil()
  browser.jarOf(provider.issuer).clear()
  const other = await away(aura, 'sub-bob', from, browser)
  expect(code((await browser.visit(other.back, asProgram)).text)).toBe('OIDC_OTHER')
  browser.jarOf(provider.issuer).clear()
  const good = await away(aura, 'sub-grace', from, browser)
  expect((await browser.visit(good.back)).next).toBe(`${aura.origin}/governance`)
  const after = await account()
  expect(after.credential).toBe(before.credential)
  expect(browser.jarOf(aura.origin).get('aura_session')).not.toBe(secret)
  expect(after.confirmedUntil).toBeGreaterThanOrEqual(before.confirmedUntil)
  expect((await aura.send('/api/account/oidc/confirm')).statusCode).toBe(401)
})

test('a session over there that is old does not count as a proof of now', async () => {
  await provider.spoil({ claims: { auth_time: Math.floor(Date.now() / 1000) - 3600 } })
  const { view } = await signIn(aura, 'sub-grace')
  expect(view.confirmedUntil).toBeLessThan(Date.now())
  await provider.spoil({ claims: { auth_time: null } })
  expect((await signIn(aura, 'sub-grace')).view.confirmedUntil).toBeLessThan(Date.now())
})

test('signing out ends the session here and tells where to end the other', async () => {
  const { browser, view } = await signIn(aura, 'sub-grace')
  const headers = { origin: aura.origin, 'x-csrf-token': view.csrf, 'content-type': 'application/json' }
  const url = `${aura.origin}/api/account/oidc/sign-out`
  expect(
    (await browser.visit(url, { method: 'POST', body: '{}', headers: { ...headers, 'x-csrf-token': '' } })).status,
  ).toBe(403)
  const answer = await browser.visit(url, { method: 'POST', body: '{}', headers })
  const over = new URL(JSON.parse(answer.text).url)
  expect(over.origin).toBe(provider.issuer)
  expect(over.searchParams.get('post_logout_redirect_uri')).toBe(`${aura.origin}/`)
  expect((await browser.visit(`${aura.origin}/api/account`)).status).toBe(401)
})

test('a provider that is away: clear words, a password still works, and it is asked again', async () => {
  const gone = await startProvider(people)
  await using home = await startAccounts(oidc.database, { oidc: oidc.config({ issuer: gone.issuer }) })
  const browser = createBrowser()
  const flow = await away(home, 'sub-grace', start(home), browser)
  await gone[Symbol.asyncDispose]()
  const back = await browser.visit(flow.back, asProgram)
  expect([back.status, code(back.text), back.headers.get('retry-after')]).toEqual([503, 'OIDC_AWAY', '10'])
  await using unknown = await startAccounts(oidc.database, { oidc: oidc.config({ issuer: gone.issuer }) })
  const refused = await browser.visit(start(unknown))
  expect([refused.status, refused.text]).toEqual([503, expect.stringContaining('a password still works')])
  expect((await unknown.post('/api/account/sign-in', { login: 'bob', password })).statusCode).toBe(200)
  await using again = await startProvider(people, Number(new URL(gone.issuer).port))
  unknown.time.now += 4000
  const begun = await browser.visit(start(unknown))
  expect([begun.status, begun.next?.startsWith(again.issuer)]).toEqual([302, true])
})
