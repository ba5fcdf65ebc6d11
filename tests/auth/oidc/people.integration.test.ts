import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startAccounts, type Accounts } from '../../support/accounts.ts'
import { asProgram, away, code, signIn, startOidc, type TestOidc } from '../../support/oidc.ts'

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
