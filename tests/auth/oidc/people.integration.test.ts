import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startAccounts, type Accounts } from '../../support/accounts.ts'
import { asProgram, away, code, signIn, startOidc, type TestOidc } from '../../support/oidc.ts'
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

test('an address that is not verified takes over no account, and a name that is taken none either', async () => {
  await using linking = await startAccounts(oidc.database, { oidc: oidc.config({ link_by_email: true }) })
  const { view } = await signIn(linking, 'sub-ada')
  const local = (await aura.signIn('ada')).answer.json()
  expect(view.user.id).not.toBe(local.user.id)
  expect(view.roles).toEqual([])
  const made = await linking.identity.accounts.user(view.user.id)
  expect(made?.login).toMatch(/^ada-[0-9a-f]{6}$/)
  expect(made?.email).toBeUndefined()
})

test('a verified one does only where that is configured', async () => {
  await using strict = await startAccounts(oidc.database, { oidc: oidc.config({ auto_create: false }) })
  const { browser, back } = await away(strict, 'sub-bob')
  const refused = await browser.visit(back, asProgram)
  expect([refused.status, code(refused.text)]).toEqual([403, 'NO_ACCOUNT'])
  await using linking = await startAccounts(oidc.database, {
    oidc: oidc.config({ auto_create: false, link_by_email: true }),
  })
  const { view } = await signIn(linking, 'sub-bob')
  expect(view.user.id).toBe((await aura.signIn('bob')).answer.json().user.id)
  // What was given by people stays.
  expect(view.roles).toEqual(['viewer'])
  // From then on it is the subject that counts.
  expect((await signIn(strict, 'sub-bob')).view.user.id).toBe(view.user.id)
})

test('only the domains that are let in', async () => {
  await using home = await startAccounts(oidc.database, { oidc: oidc.config({ allowed_domains: ['Example.org'] }) })
  expect((await signIn(home, 'sub-grace')).view).toBeDefined()
  for (const person of ['sub-mallory', 'sub-ada', 'sub-nameless']) {
    const { browser, back } = await away(home, person)
    const answer = await browser.visit(back, asProgram)
    expect([person, answer.status, code(answer.text)]).toEqual([person, 403, 'OIDC_DOMAIN'])
  }
})

test('who has no name there gets one; groups that are mapped to nothing give nothing', async () => {
  const { view } = await signIn(aura, 'sub-nameless')
  expect(view.roles).toEqual([])
  expect((await aura.identity.accounts.user(view.user.id))?.login).toBe('user')
})

test('roles follow the groups at each sign-in, and those of a locked user lead nowhere', async () => {
  const { systemCaller } = await import('../../../src/auth/policy/check.ts')
  const first = await signIn(aura, 'sub-grace')
  const { id } = first.view.user
  const subject = { kind: 'user', id } as const
  await aura.policy.assign(systemCaller('setup'), { subject, role: 'analyst', scope: '*', expiresAt: undefined })
  await provider.spoil({ claims: { groups: ['watchers', 'ghosts', 'constructor', 7] } })
  const second = await signIn(aura, 'sub-grace')
  expect(second.view.roles.toSorted()).toEqual(['analyst', 'viewer'])
  // An open session of theirs has the same rights at its next request.
  expect(JSON.parse((await first.browser.visit(`${aura.origin}/api/account`)).text).roles).not.toContain(
    'administrator',
  )
  await aura.identity.accounts.lock(systemCaller('setup'), id)
  const { browser, back } = await away(aura, 'sub-grace')
  expect(code((await browser.visit(back, asProgram)).text)).toBe('ACCOUNT_LOCKED')
  await aura.identity.accounts.unlock(systemCaller('setup'), id)
  await provider.spoil()
  expect((await signIn(aura, 'sub-grace')).view.roles.toSorted()).toEqual(['administrator', 'analyst'])
})

test('two who come at once for the first time are one account', async () => {
  await using fresh = await startAccounts(oidc.database, { oidc: oidc.config() })
  const flows = [await away(fresh, 'sub-mallory'), await away(fresh, 'sub-mallory')]
  const answers = await Promise.all(flows.map(({ browser, back }) => browser.visit(back)))
  expect(answers.map(({ status }) => status)).toEqual([302, 302])
  const rows = await oidc.database.db
    .selectFrom('aura.external_identity')
    .selectAll()
    .where('subject', '=', 'sub-mallory')
    .execute()
  expect(rows.length).toBe(1)
})

test('whoever is signed in ties an account at the provider to their own, and nobody does it for them', async () => {
  await using strict = await startAccounts(oidc.database, { oidc: oidc.config({ auto_create: false }) })
  await strict.person('henry', 'member')
  const henry = await strict.signIn('henry')
  const { 'x-csrf-token': _, ...without } = henry.headers
  expect((await strict.post('/api/account/oidc/link', {}, without)).json().error.code).toBe('CSRF')
  const browser = createBrowser()
  browser.jarOf(strict.origin).set('aura_session', henry.cookie.split('=')[1] ?? '')
  async function link(person: string, headers = henry.headers) {
    browser.jarOf(provider.issuer).clear()
    const begun = await strict.post('/api/account/oidc/link', { to: '/account' }, headers)
    const secret = /aura_sign_in=([\w-]+)/.exec(String(begun.headers['set-cookie']))?.[1] ?? ''
    browser.jarOf(strict.origin).set('aura_sign_in', secret)
    return browser.comeBack(begun.json().url, person, `${strict.origin}/api/account/oidc/callback`)
  }
  const back = await link('sub-henry')
  const signedOut = createBrowser()
  signedOut.jarOf(strict.origin).set('aura_sign_in', browser.jarOf(strict.origin).get('aura_sign_in') ?? '')
  expect(code((await signedOut.visit(back, asProgram)).text)).toBe('OIDC_STATE')
  expect((await browser.visit(await link('sub-henry'))).next).toBe(`${strict.origin}/account`)
  expect((await signIn(strict, 'sub-henry')).view.user.id).toBe(henry.answer.json().user.id)
  // An account that is somebody else's stays theirs.
  await signIn(aura, 'sub-grace')
  const taken = await browser.visit(await link('sub-grace'), asProgram)
  expect([taken.status, code(taken.text)]).toEqual([409, 'LINKED'])
  strict.time.now += 11 * 60_000
  const late = await strict.post('/api/account/oidc/link', {}, henry.headers)
  expect(late.json().error.code).toBe('REAUTHENTICATION_REQUIRED')
})

test('what the policy does not allow lets nobody in, and changes nothing', async () => {
  await using home = await startAccounts(oidc.database, { oidc: oidc.config({ role_map: { admins: 'owner' } }) })
  const { systemCaller } = await import('../../../src/auth/policy/check.ts')
  const { view } = await signIn(home, 'sub-grace')
  expect(view.roles).toContain('owner')
  const { user } = (await home.signIn('ada')).answer.json()
  await home.identity.accounts.lock(systemCaller('setup'), user.id)
  try {
    await provider.spoil({ claims: { groups: [] } })
    const { browser, back } = await away(home, 'sub-grace')
    const answer = await browser.visit(back, asProgram)
    expect([answer.status, code(answer.text)]).toEqual([409, 'GROUPS'])
    expect(home.policy.compiled().rolesOf(view.user.id, home.time.now)).toContain('owner')
  } finally {
    await home.identity.accounts.unlock(systemCaller('setup'), user.id)
  }
})
