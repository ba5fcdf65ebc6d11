import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { standardCost } from '../../../src/auth/passwords.ts'
import type { Database } from '../../../src/database/index.ts'
import { password, startAccounts, startDatabase, type Accounts } from '../../support/accounts.ts'

let database: Database & AsyncDisposable
let aura: Accounts
beforeAll(async () => {
  database = await startDatabase()
  aura = await startAccounts(database, { cost: standardCost })
  await aura.person('ada', 'owner')
  await aura.person('bob', 'viewer')
  await aura.person('carol', 'viewer')
})
afterAll(async () => {
  await aura?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

const from = (remoteAddress: string) => ({ remoteAddress })
const attempt = (login: string, ip: string, text = 'wrong wrong wrong') =>
  aura.post('/api/account/sign-in', { login, password: text }, {}, from(ip))

test('200 who sign in at once take the memory of two, and those beyond the queue are told to come back', async () => {
  let most = 0
  const watching = new AbortController()
  const before = process.memoryUsage().rss
  const watch = (async () => {
    while (!watching.signal.aborted) {
      most = Math.max(most, process.memoryUsage().rss)
      await sleep(5)
    }
  })()
  const all = await Promise.all(
    Array.from({ length: 200 }, (_, n) => attempt('ada', `10.0.${n >> 3}.${n}`, n === 0 ? password : undefined)),
  )
  watching.abort()
  await watch
  const statuses = all.map(({ statusCode }) => statusCode)
  expect(statuses[0]).toBe(200)
  expect(new Set(statuses)).toEqual(new Set([200, 401, 429, 503].filter((each) => statuses.includes(each))))
  expect(statuses.filter((each) => each === 503).length).toBeGreaterThan(50)
  expect(all.find(({ statusCode }) => statusCode === 503)?.headers['retry-after']).toBe('2')
  // 200 hashes at once would be 3.8 GB.
  expect((most - before) / 1e6).toBeLessThan(250)
}, 60_000)

test('the delay grows with each wrong password, for that address; the owner comes in from another', async () => {
  const delays: number[] = []
  for (let n = 0; n < 12; n++) {
    const answer = await attempt('bob', '192.0.2.1')
    if (answer.statusCode === 429) {
      delays.push(Number(answer.headers['retry-after']))
      aura.time.monotonic += Number(answer.headers['retry-after']) * 1000
    } else expect(answer.statusCode).toBe(401)
  }
  expect(delays.length).toBeGreaterThan(2)
  expect(delays).toEqual(delays.toSorted((a, b) => a - b))
  await attempt('bob', '192.0.2.1')
  // Right, but too early: nobody is told so.
  expect((await attempt('bob', '192.0.2.1', password)).statusCode).toBe(429)
  expect((await attempt('bob', '192.0.2.2', password)).statusCode).toBe(200)
}, 60_000)

test('strangers at many addresses cannot keep out a user who is known at theirs', async () => {
  for (let n = 0; n < 45; n++) await attempt('bob', `198.51.100.${n}`)
  expect((await attempt('bob', '203.0.113.1')).statusCode).toBe(429)
  expect((await attempt('bob', '192.0.2.2', password)).statusCode).toBe(200)
}, 60_000)

test('a name that nobody has is slowed down just as much', async () => {
  const statuses: number[] = []
  for (let n = 0; n < 7; n++) statuses.push((await attempt('nobody', '192.0.2.77')).statusCode)
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429])
})

test('a megabyte of password and a NUL in it are refused without work', async () => {
  const start = performance.now()
  for (const text of ['x'.repeat(1_000_000), 'correct horse\0battery', '\u0000', 'x'.repeat(2000)]) {
    expect([400, 401, 413]).toContain((await attempt('carol', '192.0.2.99', text)).statusCode)
  }
  for (const login of ['x'.repeat(100_000), 'a\0b', '', "' or 1=1 --", '\u202e']) {
    expect([400, 401, 429]).toContain((await attempt(login, '192.0.2.98')).statusCode)
  }
  for (const payload of [[], 'x', { login: { $ne: '' }, password: { $ne: '' } }, { login: 'ada' }, { password }]) {
    const answer = await aura.post('/api/account/sign-in', payload as object, {}, from('192.0.2.97'))
    expect([400, 401, 415]).toContain(answer.statusCode)
  }
  expect(performance.now() - start).toBeLessThan(10_000)
})

test('cookies and tokens that nobody has do not reach the database for ever', async () => {
  const statuses = new Set<number>()
  for (let n = 0; n < 400; n++) {
    const cookie = `aura_session=${String(n).padStart(43, 'A')}`
    statuses.add((await aura.send('/read', { headers: { cookie }, ...from('192.0.2.50') })).statusCode)
  }
  expect(statuses).toEqual(new Set([401, 429]))
  const { cookie } = await aura.signIn('carol')
  expect((await aura.send('/read', { headers: { cookie } })).statusCode).toBe(200)
})
