import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemCaller } from '../../../src/auth/policy/check.ts'
import type { Database } from '../../../src/database/index.ts'
import { password, startAccounts, startDatabase, type Accounts } from '../../support/accounts.ts'

let database: Database & AsyncDisposable
let aura: Accounts
beforeEach(async () => {
  database = await startDatabase()
  aura = await startAccounts(database)
})
afterEach(async () => {
  await aura?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

const accept = (token: string, login: string, more: object = {}) =>
  aura.post('/api/account/setup', { token, login, password, ...more })
const methods = async () => (await aura.send('/api/account/methods')).json()

test('the link of the first start makes one owner, signed in; a second use makes none', async () => {
  expect(await methods()).toMatchObject({ mode: 'accounts', setup: true })
  const link = (await aura.identity.setup.link()) ?? ''
  expect(link).toMatch(/^[\w-]{43}$/)
  // What is wrong with the rest does not use it up.
  expect((await accept(link, 'ada', { password: 'short' })).statusCode).toBe(400)
  expect((await accept(link, 'ad a')).statusCode).toBe(400)
  expect((await accept('A'.repeat(43), 'ada')).json().error.code).toBe('LINK_SPENT')
  const made = await accept(link, 'ada', { name: 'Ada Lovelace' })
  expect(made.statusCode).toBe(200)
  expect(made.json()).toMatchObject({ user: { name: 'Ada Lovelace' }, roles: ['owner'], proof: 'session' })
  expect((await accept(link, 'eve')).json().error.code).toBe('LINK_SPENT')
  expect(await aura.identity.setup.link()).toBeUndefined()
  expect(await methods()).toMatchObject({ setup: false })
  expect(aura.audit.entries.map(({ action, actor }) => [action, actor.id === 'setup'])).toContainEqual([
    'user.create',
    true,
  ])
  expect(JSON.stringify(aura.audit.entries)).not.toContain(link)
})

test('two who use the link at once: one of them becomes owner', async () => {
  const link = (await aura.identity.setup.link()) ?? ''
  const answers = await Promise.all(['ada', 'eve', 'mallory', 'bob'].map((login) => accept(link, login)))
  expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 403, 403, 403])
  expect(await database.db.selectFrom('aura.user').select('login').execute()).toHaveLength(1)
})

test('the next start makes a new link, and the one before is void; so is any once a command made an owner', async () => {
  const first = (await aura.identity.setup.link()) ?? ''
  const second = (await aura.identity.setup.link()) ?? ''
  expect((await accept(first, 'ada')).json().error.code).toBe('LINK_SPENT')
  await aura.person('root', 'owner')
  expect((await accept(second, 'ada')).statusCode).toBe(403)
})

test('a link and a command at the same moment: one owner, and the other is told', async () => {
  const link = (await aura.identity.setup.link()) ?? ''
  const [byLink, byCommand] = await Promise.allSettled([accept(link, 'ada'), aura.person('root', 'owner')])
  expect(byCommand.status).toBe('fulfilled')
  const status = byLink.status === 'fulfilled' ? byLink.value.statusCode : 0
  expect([200, 403, 409]).toContain(status)
  const users = await database.db.selectFrom('aura.user').select('login').execute()
  expect(users).toHaveLength(status === 200 ? 2 : 1)
})

test('an invitation lets its user choose a password once, within its time, under its own name', async () => {
  await aura.person('root', 'owner')
  const { user, invitation } = await aura.identity.accounts.create(systemCaller('setup'), { login: 'Ann', name: 'Ann' })
  expect(user.state).toBe('invited')
  expect((await aura.post('/api/account/sign-in', { login: 'ann', password })).statusCode).toBe(401)
  const again = await aura.identity.accounts.invite(systemCaller('setup'), user.id)
  expect((await accept(invitation.secret, 'root')).json().error.code).toBe('LINK_SPENT')
  const done = await accept(again.invitation.secret, 'root')
  expect(done.json()).toMatchObject({ user: { id: user.id, name: 'Ann' }, roles: [] })
  expect((await accept(again.invitation.secret, 'ann')).statusCode).toBe(403)
  expect((await aura.signIn('ann')).answer.statusCode).toBe(200)
  const late = await aura.identity.accounts.create(systemCaller('setup'), { login: 'late', name: 'Late' })
  aura.time.now += 7 * 86_400_000
  expect((await accept(late.invitation.secret, 'late')).json().error.code).toBe('LINK_SPENT')
})

test('names that are alike belong to one user', async () => {
  await aura.person('Admin')
  const alike = [
    'admin',
    'ADMIN',
    'ａｄｍｉｎ',
    'аdmin',
    'аԁmіn',
    'adrnin',
    'admin ',
    'ad\u200bmin',
    'ad\u202emin',
    'admin\0',
  ]
  for (const login of alike) {
    await expect(aura.person(login), JSON.stringify(login)).rejects.toMatchObject({
      code: expect.stringMatching(/INVALID|IN_USE/),
    })
  }
  await aura.person('administrator')
  await aura.person('иван')
  // Typed in any case or width, it is the same person who signs in.
  for (const login of ['ADMIN', ' ａｄｍｉｎ']) expect((await aura.signIn(login)).answer.statusCode).toBe(200)
})
