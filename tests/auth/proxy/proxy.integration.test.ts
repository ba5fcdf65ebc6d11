import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProxy } from '../../../src/auth/proxy/index.ts'
import type { ProxyConfig } from '../../../src/auth/proxy/config.ts'
import { loadConfig } from '../../../src/config/load.ts'
import type { Database } from '../../../src/database/index.ts'
import { startAccounts, startDatabase, type Accounts } from '../../support/accounts.ts'

const proxyAddress = '192.0.2.10'
const settings: Partial<ProxyConfig> = {
  addresses: [proxyAddress, '2001:db8::/32'],
  auto_create: true,
  role_map: { staff: 'viewer', bosses: 'administrator' },
}

let database: Database & AsyncDisposable
let aura: Accounts
beforeAll(async () => {
  database = await startDatabase()
  aura = await startAccounts(database, { proxy: settings })
  await aura.person('ada', 'owner')
})
afterAll(async () => {
  await aura?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

const start = (at: Accounts, headers: Record<string, string>, remoteAddress = proxyAddress, to = '/governance') =>
  at.send(`/api/account/proxy/start?to=${encodeURIComponent(to)}`, { headers, remoteAddress })

async function comeIn(at: Accounts, headers: Record<string, string>, remoteAddress = proxyAddress) {
  const answer = await start(at, headers, remoteAddress)
  const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? ''
  const ask = (more: Record<string, string> = headers, from = remoteAddress) =>
    at.send('/api/account', { headers: { cookie, ...more }, remoteAddress: from })
  return { answer, cookie, ask }
}

const grace = { 'remote-user': 'grace', 'remote-name': 'Gräce', 'remote-groups': 'staff, others' }

test('whom a listed proxy names comes in, with the roles of their groups, and is the same the next time', async () => {
  const { answer, ask } = await comeIn(aura, grace)
  expect([answer.statusCode, answer.headers.location]).toEqual([302, '/governance'])
  const view = (await ask()).json()
  expect(view).toMatchObject({ roles: ['viewer'], proof: 'session' })
  const again = await comeIn(aura, { ...grace, 'remote-groups': 'bosses' }, '2001:db8::7')
  const later = (await again.ask()).json()
  expect([later.user.id, later.roles]).toEqual([view.user.id, ['administrator']])
  expect((await aura.send('/api/account/methods')).json().methods).toContainEqual({
    kind: 'proxy',
    name: 'Reverse proxy',
    url: '/api/account/proxy/start',
  })
})

test('from any other address the same headers are nothing', async () => {
  for (const address of ['127.0.0.1', '192.0.2.11', '::1', '2001:db9::1', '::ffff:192.0.2.11']) {
    const answer = await start(aura, grace, address)
    expect([address, answer.statusCode, answer.headers['set-cookie']]).toEqual([address, 404, undefined])
  }
  // Nor does an address in a header make one.
  const forwarded = {
    ...grace,
    'x-forwarded-for': proxyAddress,
    'x-real-ip': proxyAddress,
    forwarded: `for=${proxyAddress}`,
  }
  expect((await start(aura, forwarded, '127.0.0.1')).statusCode).toBe(404)
  expect((await aura.send('/read', { headers: grace, remoteAddress: proxyAddress })).statusCode).toBe(401)
  expect((await start(aura, grace, `::ffff:${proxyAddress}`)).statusCode).toBe(302)
})

test('with no proxy listed nobody is believed', async () => {
  await using closed = await startAccounts(database)
  for (const address of [proxyAddress, '127.0.0.1']) expect((await start(closed, grace, address)).statusCode).toBe(404)
})

test('a session that the proxy began counts only while it names the same user', async () => {
  const { ask } = await comeIn(aura, grace)
  expect((await ask()).statusCode).toBe(200)
  expect((await ask({})).statusCode).toBe(401)
  expect((await ask({ 'remote-user': 'somebody' })).statusCode).toBe(401)
  expect((await ask(grace, '127.0.0.1')).statusCode).toBe(401)
  await using without = await startAccounts(database)
  const { cookie } = await comeIn(aura, grace)
  expect(
    (await without.send('/api/account', { headers: { cookie, ...grace }, remoteAddress: proxyAddress })).statusCode,
  ).toBe(401)
})

test('coming in makes no change possible without the token of the session', async () => {
  const boss = { ...grace, 'remote-groups': 'bosses' }
  const { cookie, ask } = await comeIn(aura, boss)
  const { csrf } = (await ask()).json()
  const change = (token: string) =>
    aura.post('/change', {}, { cookie, ...boss, 'x-csrf-token': token }, { remoteAddress: proxyAddress })
  expect((await change('')).json().error.code).toBe('CSRF')
  expect((await change(csrf)).statusCode).toBe(200)
})

test('a name that somebody has is taken over only where that is configured', async () => {
  const ada = (await aura.signIn('ada')).answer.json().user.id
  await using strict = await startAccounts(database, { proxy: { ...settings, auto_create: false } })
  expect((await start(strict, { 'remote-user': 'ada' })).json().error.code).toBe('NO_ACCOUNT')
  const other = (await (await comeIn(aura, { 'remote-user': 'Ada' })).ask({ 'remote-user': 'Ada' })).json()
  expect(other.user.id).not.toBe(ada)
  await using linking = await startAccounts(database, {
    proxy: { ...settings, auto_create: false, link_by_name: true },
  })
  const { ask } = await comeIn(linking, { 'remote-user': 'ada' })
  expect((await ask({ 'remote-user': 'ada' })).json().user.id).toBe(ada)
})

test('it proves nothing afresh unless that is configured', async () => {
  const plain = (await (await comeIn(aura, grace)).ask()).json()
  expect(plain.confirmedUntil).toBeLessThan(aura.time.now)
  expect(plain).not.toHaveProperty('confirmUrl')
  await using proving = await startAccounts(database, { proxy: { ...settings, confirms: true } })
  const view = (await (await comeIn(proving, grace)).ask()).json()
  expect(view.confirmedUntil).toBeGreaterThan(proving.time.now)
  expect(view.confirmUrl).toBe('/api/account/proxy/start')
})

/** What a server says to bytes that no library would send. */
function raw(at: Accounts, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(at.port, '127.0.0.1', () =>
      socket.write(
        `${['GET /api/account/proxy/start HTTP/1.1', `Host: ${at.host}`, ...lines].join('\r\n')}\r\nConnection: close\r\n\r\n`,
      ),
    )
    let answer = ''
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part))
    socket.on('close', () => resolve(answer)).on('error', reject)
  })
}

test('a header that is there twice is refused, whatever its case; so is a secret', async () => {
  const local = { ...settings, addresses: ['127.0.0.0/8'], secret_header: 'x-proxy-secret', secret: 'the proxy knows' }
  await using home = await startAccounts(database, { proxy: local })
  const secret = 'X-Proxy-Secret: the proxy knows'
  expect(await raw(home, [secret, 'Remote-User: grace'])).toMatch(/^HTTP\/1.1 302/)
  expect(await raw(home, [secret, 'Remote-User: grace', 'Remote-User: ada'])).toMatch(/^HTTP\/1.1 400/)
  expect(await raw(home, [secret, 'Remote-User: grace', 'REMOTE-USER: grace'])).toMatch(/^HTTP\/1.1 400/)
  expect(await raw(home, [secret, 'Remote-User: grace', 'Remote-Groups: x', 'remote-groups: bosses'])).toMatch(
    /^HTTP\/1.1 400/,
  )
  expect(await raw(home, [secret, secret, 'Remote-User: grace'])).toMatch(/^HTTP\/1.1 400/)
  for (const wrong of ['X-Proxy-Secret: the proxy know', 'X-Proxy-Secret:', 'X-Other: the proxy knows']) {
    expect(await raw(home, [wrong, 'Remote-User: grace']), wrong).toMatch(/^HTTP\/1.1 404/)
  }
})

test.each([['300.1.1.1'], ['10.0.0.0/33'], ['10.0.0.0/x'], ['10.0.0.0/8/8'], ['proxy.example'], ['*'], ['10.0.0.0/']])(
  '%s is no address to trust',
  async (address) => {
    const { proxy } = (await loadConfig(undefined, {})).config.auth
    const make = () => createProxy({ ...proxy, addresses: [address] }, aura.identity.external)
    expect(make).toThrow(/neither an address nor a network/)
  },
)
