import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Database } from '../../../src/database/index.ts'
import { password, startAccounts, startDatabase, type Accounts } from '../../support/accounts.ts'
import { until } from '../../support/realtime.ts'

let database: Database & AsyncDisposable
let aura: Accounts
beforeAll(async () => {
  database = await startDatabase()
  aura = await startAccounts(database, { publicUrl: 'https://app.com' })
  await aura.person('ada', 'owner')
  await aura.person('bob', 'viewer')
})
afterAll(async () => {
  await aura?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

const foreign = [
  'null',
  '',
  'https://app.evil.com',
  'https://evilapp.com',
  'https://app.com.evil.com',
  'https://evil.com/https://app.com',
  'https://app.com@evil.com',
  'https://app.com:8443',
  'http://app.com',
  'HTTPS://app.com',
  'https://app.com/',
  'https://app.com, https://evil.com',
  'https://xn--pp-7lc.com',
]

/** A session as the browser has it behind the proxy that ends TLS. */
async function behindTls(login: string) {
  const headers = { host: 'app.com', origin: 'https://app.com' }
  const answer = await aura.post('/api/account/sign-in', { login, password }, headers)
  const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? ''
  return { ...headers, cookie, 'x-csrf-token': String(answer.json().csrf) }
}

/** The code with which a socket ends, or the status that refused it; undefined: it stays open for `ms`. */
function ending(headers: Record<string, string>, during: (socket: WebSocket) => void = () => undefined, ms = 5000) {
  return new Promise<number | undefined>((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${aura.port}/connection/websocket`, { headers })
    const waiting = setTimeout(() => {
      resolve(undefined)
      socket.terminate()
    }, ms)
    const end = (code: number): void => {
      clearTimeout(waiting)
      resolve(code)
    }
    socket.on('error', () => undefined)
    socket.on('unexpected-response', (request, response) => {
      request.destroy()
      end(response.statusCode ?? 0)
    })
    socket.on('close', end)
    socket.on('open', () => during(socket))
  })
}

test('whatever resembles our origin is not ours: for changes, sockets, streams, and reading', async () => {
  const headers = await behindTls('ada')
  expect((await aura.post('/change', {}, headers)).statusCode).toBe(200)
  const { origin: _, ...without } = headers
  for (const origin of foreign) {
    const from = { ...without, origin }
    expect([origin, (await aura.post('/change', {}, from)).statusCode]).toEqual([origin, 403])
    expect([origin, (await aura.send('/api/account', { headers: from })).statusCode]).toEqual([origin, 403])
    expect([origin, await ending(from)]).toEqual([origin, 403])
    for (const url of ['/connection/sse', '/connection/http_stream', '/api/poll?topic=system']) {
      const answer = await fetch(`http://127.0.0.1:${aura.port}${url}`, {
        headers: { ...without, origin, host: aura.host },
      })
      expect([origin, url, answer.status]).toEqual([origin, url, 403])
    }
  }
  expect(await ending(without)).toBe(403)
  expect((await aura.send('/change', { method: 'POST', payload: {}, headers: without })).statusCode).toBe(403)
  expect(await ending(headers, undefined, 300)).toBeUndefined()
})

test('JSON that calls itself text is not understood, nor is a body without a type', async () => {
  const headers = await behindTls('ada')
  for (const type of [
    'text/plain',
    'text/plain;charset=UTF-8',
    'text/json',
    'application/json+x',
    'application/csp-report',
  ]) {
    const answer = await aura.send('/change', {
      method: 'POST',
      payload: '{"a":1}',
      headers: { ...headers, 'content-type': type },
    })
    expect([type, answer.statusCode]).toEqual([type, 415])
  }
})

test('a session that ran out opens no socket that says anything', async () => {
  const headers = await behindTls('bob')
  aura.time.now += 7 * 86_400_000
  const seen: string[] = []
  const code = await ending(headers, (socket) => {
    socket.on('message', (data: Buffer) => seen.push(data.toString()))
    socket.send(JSON.stringify({ id: 1, connect: {} }))
    socket.send(JSON.stringify({ id: 2, subscribe: { channel: 'system' } }))
  })
  expect(code).toBe(3500)
  expect(seen.join('')).not.toContain('subscribe')
})

test('ten thousand tiny messages end their own socket, and hold nobody else up', async () => {
  const [flooder, other] = [await behindTls('bob'), await behindTls('ada')]
  const tiny = ['{}', '{"id":1}', '{"id":2,"subscribe":{"channel":"x"}}', '\n', '[]', 'x']
  const flood = ending(flooder, (socket) => {
    socket.send(JSON.stringify({ id: 1, connect: {} }))
    for (let n = 0; n < 10_000; n++) if (socket.readyState === socket.OPEN) socket.send(tiny[n % tiny.length] ?? '')
  })
  const start = performance.now()
  expect((await aura.send('/api/account', { headers: other })).statusCode).toBe(200)
  expect(performance.now() - start).toBeLessThan(2000)
  expect(await flood).toBeGreaterThanOrEqual(1002)
  await until(() => aura.app.bridge.connections().length === 0)
})

test.each([
  ['by somebody signed in', true],
  ['by a stranger', false],
])('a message of a megabyte %s ends the socket, and its memory is given back', async (_, known) => {
  const session = await behindTls('bob')
  const headers = known ? session : { host: session.host, origin: session.origin }
  const before = process.memoryUsage().rss
  for (let n = 0; n < 20; n++) {
    const code = await ending(headers, (socket) => {
      if (known) socket.send(JSON.stringify({ id: 1, connect: {} }))
      socket.send(JSON.stringify({ id: 2, rpc: { method: 'x', data: 'x'.repeat(1_100_000) } }))
    })
    expect(code).toBeGreaterThanOrEqual(1002)
  }
  await until(() => aura.app.bridge.connections().length === 0)
  await sleep(50)
  expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(150)
})

test('with a session too, no odd way of writing an address or a verb leads past its right', async () => {
  const headers = await behindTls('bob')
  expect((await aura.post('/change', {}, headers)).statusCode).toBe(403)
  const paths = [
    '//change',
    '/%2e/change',
    '/./change',
    '/change/',
    '/change.',
    '/CHANGE',
    '/change;x',
    '/change%00',
    '/x/../change',
    '/%63hange',
    '/change%2f',
    '/change?capability=role:edit',
  ]
  await aura.identity.denials.settled()
  const before = aura.audit.entries.length
  for (const path of paths) {
    const { statusCode } = await aura.post(path, { capability: 'role:edit' }, headers)
    expect([400, 403, 404, 405], path).toContain(statusCode)
  }
  for (const name of ['x-http-method-override', 'x-method-override', 'x-http-method']) {
    const answer = await aura.send('/change', { headers: { ...headers, [name]: 'POST' } })
    expect([name, answer.statusCode]).toEqual([name, 404])
  }
  for (const name of ['x-original-url', 'x-rewrite-url', 'x-forwarded-prefix', 'x-forwarded-uri']) {
    const answer = await aura.post('/change', {}, { ...headers, [name]: '/read' })
    expect([name, answer.statusCode]).toEqual([name, 403])
  }
  for (const name of ['x-capability', 'x-roles', 'x-user-id', 'remote-user', 'x-remote-user', 'x-forwarded-user']) {
    const answer = await aura.post('/change', {}, { ...headers, [name]: 'ada' })
    expect([name, answer.statusCode]).toEqual([name, 403])
  }
  await aura.identity.denials.settled()
  expect(aura.audit.entries.length).toBeGreaterThan(before)
})

test('the session of before is worth nothing after signing in, and one that was planted never was', async () => {
  const planted = `__Host-aura_session=${'A'.repeat(43)}`
  const headers = { host: 'app.com', origin: 'https://app.com', cookie: planted }
  const answer = await aura.post('/api/account/sign-in', { login: 'bob', password }, headers)
  expect(answer.statusCode).toBe(200)
  expect(String(answer.headers['set-cookie'])).not.toContain('A'.repeat(43))
  expect((await aura.send('/api/account', { headers })).statusCode).toBe(401)
})
