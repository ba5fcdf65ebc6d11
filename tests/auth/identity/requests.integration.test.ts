import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../src/database/index.ts'
import { password, startAccounts, startDatabase, type Accounts } from '../../support/accounts.ts'

let database: Database & AsyncDisposable
let aura: Accounts
let ada: Awaited<ReturnType<Accounts['signIn']>>
beforeAll(async () => {
  database = await startDatabase()
  aura = await startAccounts(database)
  await aura.person('ada', 'owner')
  await aura.person('bob', 'member')
  ada = await aura.signIn('ada')
})
afterAll(async () => {
  await aura?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

const json = { 'content-type': 'application/json' }

test('a change needs our own origin', async () => {
  const { port } = aura
  const foreign = [
    'null',
    'http://evil.example',
    'http://app.127.0.0.1.evil.example',
    `http://evil127.0.0.1:${port}`,
    `http://127.0.0.1:${port + 1}`,
    `https://127.0.0.1:${port}`,
    `http://127.0.0.1:${port}.evil.example`,
  ]
  for (const origin of foreign) {
    const answer = await aura.post('/change', {}, { ...ada.headers, origin })
    expect([origin, answer.statusCode, answer.json().error.code]).toEqual([origin, 403, 'ORIGIN'])
  }
  const { origin: _, ...without } = ada.headers
  const absent = await aura.send('/change', { method: 'POST', payload: {}, headers: without })
  expect([absent.statusCode, absent.json().error.code]).toEqual([403, 'ORIGIN'])
  expect((await aura.post('/change', {}, ada.headers)).statusCode).toBe(200)
})

test('a change needs the token of this very session', async () => {
  const bob = await aura.signIn('bob')
  const tokens = ['', 'x', 'A'.repeat(43), bob.headers['x-csrf-token'], `${ada.headers['x-csrf-token']}x`]
  for (const wrong of tokens) {
    const answer = await aura.post('/change', {}, { ...ada.headers, 'x-csrf-token': wrong })
    expect([answer.statusCode, answer.json().error.code]).toEqual([403, 'CSRF'])
  }
  const { 'x-csrf-token': _, ...without } = ada.headers
  expect((await aura.post('/change', {}, without)).json().error.code).toBe('CSRF')
  for (const method of ['PUT', 'DELETE', 'PATCH'] as const) {
    const answer = await aura.send('/api/account/password', { method, headers: without })
    expect([403, 404]).toContain(answer.statusCode)
  }
})

test('what a form can send is not understood', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const headers = { ...ada.headers, 'content-type': type }
    for (const url of ['/change', '/api/account/sign-in']) {
      const payload = JSON.stringify({ login: 'ada', password })
      const answer = await aura.send(url, { method: 'POST', payload, headers })
      expect([url, type, answer.statusCode]).toEqual([url, type, 415])
    }
  }
})

test('two cookies that differ are none, two that are the same are one', async () => {
  const other = `aura_session=${'B'.repeat(43)}`
  expect((await aura.send('/read', { headers: { cookie: `${other}; ${ada.cookie}` } })).statusCode).toBe(401)
  expect((await aura.send('/read', { headers: { cookie: `${ada.cookie}; ${ada.cookie}` } })).statusCode).toBe(200)
  expect((await aura.send('/read', { headers: { cookie: `__Host-${ada.cookie}` } })).statusCode).toBe(401)
})

test('behind a proxy that ends TLS the cookie belongs to that host alone', async () => {
  await using site = await startAccounts(database, { publicUrl: 'https://aura.example.org' })
  const headers = { host: 'aura.example.org', origin: 'https://aura.example.org' }
  const answer = await site.post('/api/account/sign-in', { login: 'ada', password }, headers)
  expect(answer.statusCode).toBe(200)
  const cookie = String(answer.headers['set-cookie'])
  expect(cookie).toMatch(/^__Host-aura_session=[\w-]{43}; Path=\/; .*HttpOnly; SameSite=Lax; Secure$/)
  const secret = cookie.split(';')[0] ?? ''
  expect((await site.send('/read', { headers: { ...headers, cookie: secret } })).statusCode).toBe(200)
  // The same host over plain HTTP is another origin, and its cookies are others.
  const plain = await site.post('/change', {}, { ...headers, origin: 'http://aura.example.org', cookie: secret })
  expect(plain.json().error.code).toBe('ORIGIN')
  const tossed = secret.replace('__Host-', '')
  expect((await site.send('/read', { headers: { ...headers, cookie: tossed } })).statusCode).toBe(401)
  expect((await site.send('/read', { headers: { ...headers, host: 'rebound.example' } })).statusCode).toBe(421)
})

/** What a server says to bytes that no library would send. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(aura.port, '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part))
    socket.on('close', () => resolve(answer)).on('error', reject)
  })
}

async function token(headers: Record<string, string>, body: object = { name: 'ci' }): Promise<string> {
  const answer = await aura.post('/api/account/tokens', body, headers)
  expect(answer.statusCode).toBe(201)
  return answer.json().secret
}

test('a token is one header, and wins over a cookie that is somebody else’s', async () => {
  const bob = await aura.signIn('bob')
  const secret = await token(bob.headers)
  expect(secret).toMatch(/^aura_[0-9A-Za-z]{49}$/)
  const bearer = { authorization: `Bearer ${secret}` }
  const both = await aura.send('/read', { headers: { ...bearer, cookie: ada.cookie } })
  expect(both.json().id).toBe(bob.answer.json().user.id)
  expect((await aura.post('/change', {}, { ...bearer, cookie: ada.cookie })).statusCode).toBe(403)
  // A bad token is not made good by a cookie.
  const bad = { authorization: `Bearer ${secret.slice(0, -1)}`, cookie: ada.cookie }
  expect((await aura.send('/read', { headers: bad })).statusCode).toBe(401)
  for (const name of ['x-api-key', 'x-auth-token', 'proxy-authorization', 'x-forwarded-user', 'x-remote-user']) {
    expect((await aura.send('/read', { headers: { [name]: `Bearer ${secret}` } })).statusCode, name).toBe(401)
  }
  expect((await aura.send(`/read?token=${secret}&access_token=${secret}`)).statusCode).toBe(401)
  const twice = `Authorization: Bearer ${secret}\r\n`
  const answer = await raw(`GET /read HTTP/1.1\r\nHost: ${aura.host}\r\n${twice}${twice}Connection: close\r\n\r\n`)
  expect(answer).toMatch(/^HTTP\/1.1 400/)
  // It needs neither origin nor session token: no browser sends it by itself.
  expect((await aura.send('/api/account', { headers: bearer })).json()).toMatchObject({ proof: 'token' })
})

test('a token does no more than its scopes, and no more than its owner at this moment', async () => {
  const { systemCaller } = await import('../../../src/auth/policy/check.ts')
  const id = await aura.person('frank', 'member')
  const frank = await aura.signIn('frank')
  const tooMuch = await aura.post('/api/account/tokens', { name: 'x', scopes: ['role:edit'] }, frank.headers)
  expect([tooMuch.statusCode, tooMuch.json().error.capability]).toEqual([403, 'role:edit'])
  expect((await aura.post('/api/account/tokens', { name: 'x', scopes: ['toString'] }, frank.headers)).statusCode).toBe(
    400,
  )
  const narrow = { authorization: `Bearer ${await token(frank.headers, { name: 'n', scopes: ['database:read'] })}` }
  const wide = { authorization: `Bearer ${await token(frank.headers)}` }
  const refused = await aura.send('/read', { headers: narrow })
  expect([refused.statusCode, refused.json().error.reason]).toEqual([403, 'not delegated'])
  await aura.identity.denials.settled()
  expect(aura.audit.entries.at(-1)?.rule).toBe('system:read is not allowed: this token was not given that right.')
  expect((await aura.send('/read', { headers: wide })).statusCode).toBe(200)
  // Nor does a token make tokens, or reach sessions.
  expect((await aura.send('/api/account/sessions', { headers: wide })).statusCode).toBe(403)
  const more = await aura.send('/api/account/tokens', {
    method: 'POST',
    payload: { name: 'y' },
    headers: { ...wide, ...json },
  })
  expect(more.json().error.code).toBe('REAUTHENTICATION_REQUIRED')
  const assignment = aura.policy.compiled().policy.assignments.find(({ subject }) => subject.id === id)
  await aura.policy.unassign(systemCaller('setup'), assignment?.id ?? '')
  expect((await aura.send('/read', { headers: wide })).statusCode).toBe(403)
})

test('a token ends when it expires, when it is revoked, and its first use is in the log once', async () => {
  const bob = await aura.signIn('bob')
  const secret = await token(bob.headers, { name: 'short', expiresAt: aura.time.now + 60_000 })
  const headers = { authorization: `Bearer ${secret}` }
  const uses = () => aura.audit.entries.filter(({ action }) => action === 'token.use').length
  const before = uses()
  for (let n = 0; n < 3; n++) expect((await aura.send('/read', { headers })).statusCode).toBe(200)
  await aura.identity.denials.settled()
  expect(uses()).toBe(before + 1)
  aura.time.now += 60_000
  expect((await aura.send('/read', { headers })).statusCode).toBe(401)
  const other = await token(bob.headers)
  const [{ id }] = (await aura.send('/api/account/tokens', { headers: bob.headers })).json().tokens
  expect((await aura.send('/read', { headers: { authorization: `Bearer ${other}` } })).statusCode).toBe(200)
  expect((await aura.send(`/api/account/tokens/${id}`, { method: 'DELETE', headers: bob.headers })).statusCode).toBe(
    200,
  )
  expect((await aura.send('/read', { headers: { authorization: `Bearer ${other}` } })).statusCode).toBe(401)
})

test('making a token needs the password once more after a while', async () => {
  const bob = await aura.signIn('bob')
  aura.time.now += 11 * 60_000
  const late = await aura.post('/api/account/tokens', { name: 'late' }, bob.headers)
  expect(late.json().error.code).toBe('REAUTHENTICATION_REQUIRED')
  expect((await aura.post('/api/account/confirm', { password: 'not this one at all' }, bob.headers)).statusCode).toBe(
    401,
  )
  const confirmed = await aura.post('/api/account/confirm', { password }, bob.headers)
  expect(confirmed.statusCode).toBe(200)
  const cookie = String(confirmed.headers['set-cookie']).split(';')[0] ?? ''
  expect(cookie).not.toBe(bob.cookie)
  await token({ ...bob.headers, cookie })
})

test('a flood of refusals leaves a few entries in the log, and a count', async () => {
  const bob = await aura.signIn('bob')
  await aura.identity.denials.settled()
  const before = aura.audit.entries.length
  for (let n = 0; n < 200; n++) await aura.post('/change', {}, bob.headers)
  aura.time.monotonic += 10_000
  aura.identity.denials.flush()
  await aura.identity.denials.settled()
  const added = aura.audit.entries.slice(before)
  expect(added.length).toBeLessThanOrEqual(12)
  const counted = added.reduce((sum, { after }) => sum + 1 + ((after as { alsoRefused?: number })?.alsoRefused ?? 0), 0)
  expect(counted).toBe(200)
})

test.each(['//read', '/%2e/read', '/read/', '/read.', '/READ', '/read;x', '/read%00', '/./read'])(
  '%s is no other way to the same route without a session',
  async (path) => {
    expect([400, 401, 404]).toContain((await aura.send(path)).statusCode)
  },
)

test('a verb in a header or the query changes nothing', async () => {
  const bob = await aura.signIn('bob')
  const headers = { ...bob.headers, 'x-http-method-override': 'GET', 'x-capability': 'role:edit' }
  const answer = await aura.post('/change?_method=GET&capability=role:edit', { capability: 'role:edit' }, headers)
  expect(answer.statusCode).toBe(403)
})
