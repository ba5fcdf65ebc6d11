import { expect, test } from 'vitest'
import type { RealtimeOptions } from '../../../src/plugins/realtime.ts'
import { proxySecret, shippedConfig } from '../../support/centrifugo.ts'
import { someone, startBridge } from '../../support/realtime.ts'

const centrifugo: NonNullable<RealtimeOptions['centrifugo']> = {
  // Nobody answers there, which must not matter to whom is let in.
  url: 'http://127.0.0.1:9',
  apiKey: 'key',
  timeout: 500,
  proxySecret,
  recheck: 60_000,
  authenticate: ({ headers }) => (headers.cookie === 'ada' ? someone('ada', new Set(['event:read'])) : undefined),
}

const trusted = { 'x-aura-proxy-secret': proxySecret, cookie: 'ada' }

async function start(options: Partial<RealtimeOptions> = {}) {
  const server = await startBridge({ centrifugo, ...options })
  const ask = (name: string, payload: string | object = {}, headers: Record<string, string> = trusted) =>
    server.app.inject({
      method: 'POST',
      url: `/api/centrifugo/${name}`,
      headers: { 'content-type': 'application/json', ...headers },
      payload,
    })
  return { ...server, ask }
}

test('only a caller with the secret is answered', async () => {
  await using server = await start()
  for (const secret of [undefined, '', 'secret-of-the-prox', `${proxySecret}x`, 'x'.repeat(10_000)]) {
    const headers = { cookie: 'ada', ...(secret !== undefined && { 'x-aura-proxy-secret': secret }) }
    const { statusCode, body } = await server.ask('connect', {}, headers)
    expect([statusCode, body.includes(proxySecret)]).toEqual([403, false])
  }
  expect((await server.ask('connect')).statusCode).toBe(200)
})

test('without Centrifugo there are no such routes', async () => {
  await using server = await startBridge()
  const headers = { 'x-aura-proxy-secret': proxySecret }
  expect((await server.app.inject({ method: 'POST', url: '/api/centrifugo/connect', headers })).statusCode).toBe(404)
})

test('rights are those of whoever the forwarded headers name', async () => {
  await using server = await start()
  const body = { user: 'ada', channel: 'event' }
  const granted = (await server.ask('subscribe', body)).json<{ result: { expire_at: number } }>()
  expect(granted.result.expire_at * 1000 - Date.now()).toBeGreaterThan(50_000)
  expect((await server.ask('subscribe', { ...body, channel: 'alert' })).json()).toMatchObject({ error: { code: 103 } })
  expect((await server.ask('subscribe', { ...body, channel: '' })).json()).toMatchObject({ error: { code: 102 } })
  // Someone else than the connection was opened by.
  expect((await server.ask('subscribe', { ...body, user: 'eve' })).json()).toMatchObject({ error: { code: 101 } })
  expect((await server.ask('refresh', { user: 'eve' })).json()).toEqual({ result: { expired: true } })
  const strange = { ...trusted, cookie: 'eve' }
  expect((await server.ask('connect', {}, strange)).json()).toMatchObject({ error: { code: 101 } })
  expect((await server.ask('refresh', { user: 'ada' }, strange)).json()).toEqual({ result: { expired: true } })
  expect((await server.ask('sub_refresh', { ...body, channel: 'alert' })).json()).toEqual({ result: { expired: true } })
})

test('a forwarded Origin is judged as at our own socket', async () => {
  await using server = await start({ allowsOrigin: (origin) => origin === undefined })
  expect((await server.ask('connect')).json()).toHaveProperty('result')
  const foreign = { ...trusted, origin: 'http://evil.example' }
  expect((await server.ask('connect', {}, foreign)).json()).toMatchObject({ error: { code: 103 } })
})

test.each([
  ['not JSON', '{'],
  ['a list', '[]'],
  ['a prototype', '{"__proto__":{"user":"ada"},"channel":"event"}'],
  ['numbers for names', '{"user":1,"channel":{"a":1}}'],
  ['too much', JSON.stringify({ user: 'x'.repeat(70_000) })],
])('bad input is refused: %s', async (_what, payload) => {
  await using server = await start()
  const { statusCode, body } = await server.ask('subscribe', payload)
  expect(statusCode === 200 ? (JSON.parse(body) as object) : { error: statusCode }).toHaveProperty('error')
  expect(statusCode).toBeLessThan(500)
})

test('under maintenance nobody new is let in', async () => {
  await using server = await start()
  server.bridge.maintain(true)
  expect((await server.ask('connect')).statusCode).toBe(503)
  server.bridge.maintain(false)
  expect((await server.ask('connect')).statusCode).toBe(200)
})

test('the configuration that is shipped asks where we answer, and says who it is', async () => {
  await using server = await start()
  const text = shippedConfig()
  const endpoints = [...text.matchAll(/"endpoint": "http:\/\/127\.0\.0\.1:8080([^"]+)"/g)].map(([, path = '']) => path)
  expect(endpoints).toHaveLength(5)
  for (const url of endpoints) expect(server.app.hasRoute({ method: 'POST', url })).toBe(true)
  expect(text.match(/"X-Aura-Proxy-Secret"/g)).toHaveLength(5)
})
