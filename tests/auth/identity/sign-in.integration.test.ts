import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../src/database/index.ts'
import { password, startAccounts, startDatabase, type Accounts } from '../../support/accounts.ts'

let database: Database & AsyncDisposable
let aura: Accounts
beforeAll(async () => {
  database = await startDatabase()
  aura = await startAccounts(database)
  await aura.person('Ada', 'owner')
  await aura.person('bob', 'viewer')
  await aura.person('eve')
})
afterAll(async () => {
  await aura?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

const day = 86_400_000

test('who signs in reaches what their roles allow, and nothing else', async () => {
  const { answer, cookie } = await aura.signIn('ada')
  expect(answer.statusCode).toBe(200)
  expect(String(answer.headers['set-cookie'])).toMatch(
    /^aura_session=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/,
  )
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.json()).toMatchObject({ user: { name: 'Ada' }, proof: 'session', roles: ['owner'], trust: 100 })
  expect((await aura.send('/read')).statusCode).toBe(401)
  expect((await aura.send('/read', { headers: { cookie } })).statusCode).toBe(200)
  const bob = await aura.signIn('BOB')
  expect((await aura.send('/read', { headers: { cookie: bob.cookie } })).statusCode).toBe(200)
  const refused = await aura.post('/change', {}, bob.headers)
  expect([refused.statusCode, refused.json().error]).toEqual([
    403,
    expect.objectContaining({ code: 'FORBIDDEN', capability: 'role:edit', reason: 'no rule' }),
  ])
  // Bob may not see users, so he does not learn who could help; Ada could, but needs no help.
  expect(refused.json().error).not.toHaveProperty('grantors')
  await aura.identity.denials.settled()
  expect(aura.audit.entries.at(-1)).toMatchObject({ action: 'access.deny', decision: 'deny', scope: 'role:edit' })
})

test('a wrong name and a wrong password are answered alike, and nothing typed in is kept', async () => {
  const nobody = await aura.post('/api/account/sign-in', { login: 'nobody', password: 'hunter2hunter2' })
  const wrong = await aura.post('/api/account/sign-in', { login: 'bob', password: 'hunter2hunter2' })
  expect([nobody.statusCode, wrong.statusCode]).toEqual([401, 401])
  expect(nobody.body).toBe(wrong.body)
  expect(JSON.stringify(aura.audit.entries)).not.toMatch(/hunter2|nobody/)
  const entries = aura.audit.entries.filter(({ action }) => action === 'session.refuse')
  expect(entries.map(({ actor, decision }) => [actor.id === 'unknown', decision])).toEqual([
    [true, 'deny'],
    [false, 'deny'],
  ])
})

test('a secret that was planted before is never taken over, and the session before ends', async () => {
  const planted = `aura_session=${'A'.repeat(43)}`
  const first = await aura.signIn('bob', { cookie: planted })
  expect(first.cookie).not.toBe(planted)
  const again = await aura.post('/api/account/sign-in', { login: 'ada', password }, { cookie: first.cookie })
  expect(again.statusCode).toBe(200)
  expect((await aura.send('/read', { headers: { cookie: first.cookie } })).statusCode).toBe(401)
})

test('signing out ends the session on the server, not only in the browser', async () => {
  const bob = await aura.signIn('bob')
  expect((await aura.post('/api/account/sign-out', {}, bob.headers)).statusCode).toBe(200)
  expect((await aura.send('/api/account', { headers: bob.headers })).statusCode).toBe(401)
})

test('an unused session ends after its idle time, a used one after its lifetime', async () => {
  const idle = await aura.signIn('bob')
  aura.time.now += 7 * day - 1000
  expect((await aura.send('/read', { headers: idle.headers })).statusCode).toBe(200)
  aura.time.now += 7 * day
  expect((await aura.send('/read', { headers: idle.headers })).statusCode).toBe(401)
  const used = await aura.signIn('bob')
  for (let n = 0; n < 5; n++) {
    aura.time.now += 6 * day - 1
    expect((await aura.send('/read', { headers: used.headers })).statusCode, `day ${n * 6}`).toBe(200)
  }
  aura.time.now += 6
  expect((await aura.send('/read', { headers: used.headers })).statusCode).toBe(401)
})

test('sessions are in the database alone: another process finds them, but only hashes of secrets', async () => {
  const bob = await aura.signIn('bob')
  await using other = await startAccounts(database)
  other.time.now = aura.time.now
  expect((await other.send('/read', { headers: { cookie: bob.cookie } })).statusCode).toBe(200)
  const rows = JSON.stringify(await database.db.selectFrom('aura.session').selectAll().execute())
  expect(rows).not.toContain(bob.cookie.split('=')[1])
})

test('a session that was revoked is gone at the next request; in another process within a sweep', async () => {
  await using other = await startAccounts(database)
  other.time.now = aura.time.now
  const [one, two] = [await aura.signIn('bob'), await aura.signIn('bob')]
  expect((await other.send('/read', { headers: { cookie: two.cookie } })).statusCode).toBe(200)
  await other.identity.sweep()
  const revoked = await aura.send(`/api/account/sessions/${two.id}`, {
    method: 'DELETE',
    headers: one.headers,
  })
  expect(revoked.statusCode).toBe(200)
  expect((await aura.send('/read', { headers: two.headers })).statusCode).toBe(401)
  await other.identity.sweep()
  expect((await other.send('/read', { headers: { cookie: two.cookie } })).statusCode).toBe(401)
  expect((await aura.send('/read', { headers: one.headers })).statusCode).toBe(200)
})

test('nobody ends or sees the sessions of others by their own routes', async () => {
  const [bob, ada] = [await aura.signIn('bob'), await aura.signIn('ada')]
  const listed = (await aura.send('/api/account/sessions', { headers: bob.headers })).json().sessions
  expect(listed.map(({ id }: { id: string }) => id)).not.toContain(ada.id)
  expect(listed.find(({ current }: { current: boolean }) => current).id).toBe(bob.id)
  const foreign = await aura.send(`/api/account/sessions/${ada.id}`, {
    method: 'DELETE',
    headers: bob.headers,
  })
  expect(foreign.statusCode).toBe(404)
  expect((await aura.send('/read', { headers: ada.headers })).statusCode).toBe(200)
})

test('other roles make another secret; the one before is understood for half a minute', async () => {
  const eve = await aura.signIn('eve')
  const before = await aura.send('/read', { headers: eve.headers })
  expect([before.statusCode, before.headers['set-cookie']]).toEqual([403, undefined])
  const { id } = (await aura.send('/api/account', { headers: eve.headers })).json().user
  const { systemCaller } = await import('../../../src/auth/policy/check.ts')
  const subject = { kind: 'user', id } as const
  await aura.policy.assign(systemCaller('setup'), { subject, role: 'viewer', scope: '*', expiresAt: undefined })
  const after = await aura.send('/read', { headers: eve.headers })
  expect(after.statusCode).toBe(200)
  const cookie = String(after.headers['set-cookie']).split(';')[0] ?? ''
  expect(cookie).toMatch(/^aura_session=[\w-]{43}$/)
  expect(cookie).not.toBe(eve.cookie)
  expect((await aura.send('/read', { headers: { cookie } })).headers['set-cookie']).toBeUndefined()
  expect((await aura.send('/read', { headers: eve.headers })).statusCode).toBe(200)
  aura.time.now += 31_000
  expect((await aura.send('/read', { headers: eve.headers })).statusCode).toBe(401)
  expect((await aura.send('/read', { headers: { cookie } })).statusCode).toBe(200)
})

test('another password: the old one is void, other sessions end, this one goes on with another secret', async () => {
  await aura.person('carol', 'member')
  const [here, there] = [await aura.signIn('carol'), await aura.signIn('carol')]
  const next = 'staple paperclip sunrise'
  const put = (payload: object) => aura.send('/api/account/password', { method: 'PUT', payload, headers: here.headers })
  expect((await put({ current: 'not this one at all', next })).statusCode).toBe(401)
  expect((await put({ current: password, next: 'short' })).statusCode).toBe(400)
  const done = await put({ current: password, next })
  expect(done.statusCode).toBe(200)
  const cookie = String(done.headers['set-cookie']).split(';')[0] ?? ''
  expect((await aura.send('/read', { headers: there.headers })).statusCode).toBe(401)
  expect((await aura.send('/read', { headers: { cookie } })).statusCode).toBe(200)
  expect((await aura.post('/api/account/sign-in', { login: 'carol', password })).statusCode).toBe(401)
  expect((await aura.post('/api/account/sign-in', { login: 'carol', password: next })).statusCode).toBe(200)
})

test('a locked user is out at once and cannot come back until unlocked; the last owner cannot be locked', async () => {
  const { systemCaller } = await import('../../../src/auth/policy/check.ts')
  const dave = await aura.person('dave', 'viewer')
  const session = await aura.signIn('dave')
  await aura.identity.accounts.lock(systemCaller('setup'), dave)
  expect((await aura.send('/read', { headers: session.headers })).statusCode).toBe(401)
  expect((await aura.post('/api/account/sign-in', { login: 'dave', password })).statusCode).toBe(401)
  await aura.identity.accounts.unlock(systemCaller('setup'), dave)
  expect((await aura.signIn('dave')).answer.statusCode).toBe(200)
  const ada = (await aura.signIn('ada')).answer.json().user.id
  await expect(aura.identity.accounts.lock(systemCaller('setup'), ada)).rejects.toMatchObject({ code: 'LAST_OWNER' })
  await expect(aura.identity.accounts.erase(systemCaller('setup'), ada)).rejects.toMatchObject({ code: 'LAST_OWNER' })
  const erased = await aura.identity.accounts.erase(systemCaller('setup'), dave)
  expect(erased).toMatchObject({ id: dave, login: undefined, state: 'erased' })
  expect((await aura.post('/api/account/sign-in', { login: 'dave', password })).statusCode).toBe(401)
})

test('when the audit log cannot be written nobody signs in, and a refusal is still one', async () => {
  aura.audit.failing = true
  try {
    expect((await aura.post('/api/account/sign-in', { login: 'bob', password })).statusCode).toBe(500)
    expect((await aura.post('/api/account/sign-in', { login: 'bob', password: 'wrong wrong wrong' })).statusCode).toBe(
      401,
    )
  } finally {
    aura.audit.failing = false
  }
  expect((await aura.signIn('bob')).answer.statusCode).toBe(200)
})
