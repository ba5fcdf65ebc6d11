import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Admission } from '../../src/realtime/admission.ts'
import { rawClient } from '../support/raw-client.ts'
import { someone, startBridge } from '../support/realtime.ts'

type Server = Awaited<ReturnType<typeof startBridge>>

let server: Server
const readsEventsOnly = someone('eve', new Set(['event:read']))

beforeAll(async () => {
  server = await startBridge({ authenticate: () => readsEventsOnly })
})
afterAll(() => server.app.close())

const error = (code: number, message: string, temporary?: true) => ({
  id: 2,
  error: { code, message, ...(temporary && { temporary }) },
})

test.each([
  [{ subscribe: { channel: 'nowhere' } }, error(102, 'unknown channel')],
  [{ subscribe: { channel: 'alert' } }, error(103, 'permission denied')],
  [{ publish: { channel: 'event', data: 1 } }, error(103, 'permission denied')],
  [{ presence: { channel: 'event' } }, error(103, 'permission denied')],
  [{ presence_stats: { channel: 'event' } }, error(103, 'permission denied')],
  [{ presence: { channel: 'nowhere' } }, error(102, 'unknown channel')],
  [{ history: { channel: 'event', reverse: true } }, error(108, 'not available')],
  [{ history: { channel: 'alert' } }, error(103, 'permission denied')],
  [{ history: { channel: 'nowhere' } }, error(102, 'unknown channel')],
  [{ history: { channel: 'event', since: { offset: -1 } } }, error(107, 'bad request')],
  [{ history: { channel: 'event', since: { epoch: 'other' } } }, error(112, 'unrecoverable position')],
  [{ send: {} }, error(108, 'not available')],
  [{ rpc: { method: 'nothing' } }, error(107, 'bad request')],
  [{ sub_refresh: { channel: 'event' } }, error(107, 'bad request')],
  [{ nonsense: {} }, error(107, 'bad request')],
  [{ subscribe: { channel: 'event' }, rpc: {} }, error(107, 'bad request')],
  [{ subscribe: {} }, error(107, 'bad request')],
  [{ ping: {} }, { id: 2, ping: {} }],
  [{ unsubscribe: { channel: 'event' } }, { id: 2, unsubscribe: {} }],
])('%j', async (command, expected) => {
  using raw = await rawClient(server.url)
  raw.send({ id: 2, ...command })
  expect(await raw.reply(2)).toEqual(expected)
})

test('105 and 106: what is subscribed already, and more than may be', async () => {
  const admission: Admission = {
    admit: () => ({ command: () => 'ok', maxSubscriptions: 1, release: () => undefined }),
  }
  await using own = await startBridge({ admission })
  using raw = await rawClient(own.url)
  raw.send({ id: 2, subscribe: { channel: 'event' } }, { id: 3, subscribe: { channel: 'event' } })
  raw.send({ id: 4, subscribe: { channel: 'state' } })
  expect(await raw.reply(2)).toMatchObject({ subscribe: { recoverable: true } })
  expect(await raw.reply(3)).toMatchObject({ error: { code: 105 } })
  expect(await raw.reply(4)).toMatchObject({ error: { code: 106 } })
})

test('109: a token that expired', async () => {
  await using own = await startBridge({ credentials: { verify: () => 'expired', current: (principal) => principal } })
  using raw = await rawClient(own.url, { connect: false })
  raw.send({ id: 2, connect: { token: 'old' } })
  expect(await raw.reply(2)).toEqual(error(109, 'token expired'))
})

test('111, then 3013: too many commands', async () => {
  let left = 3
  const command = () => (left-- > 2 ? 'ok' : left > 0 ? 'busy' : 'close')
  await using own = await startBridge({ admission: { admit: () => ({ command, maxSubscriptions: 1, release() {} }) } })
  using raw = await rawClient(own.url)
  raw.send({ id: 2, ping: {} }, { id: 3, ping: {} })
  expect(await raw.reply(2)).toEqual(error(111, 'too many requests', true))
  expect(await raw.closed).toEqual({ code: 3013, reason: 'too many requests' })
})

const failing = (): boolean => {
  throw new Error('select secret from table at /home/someone/file.ts')
}

test('100: what fails inside is logged and answered without a word of it', async () => {
  await using own = await startBridge({ authenticate: () => ({ id: 'x', name: 'x', may: failing }) })
  using raw = await rawClient(own.url)
  raw.send({ id: 2, subscribe: { channel: 'event' } })
  expect(await raw.reply(2)).toEqual(error(100, 'internal server error', true))
})

test('3502: no connect in time', async () => {
  await using own = await startBridge({ settings: { connectTimeout: 100 } })
  using raw = await rawClient(own.url, { connect: false })
  expect(await raw.closed).toEqual({ code: 3502, reason: 'stale' })
})

test('3504: refused by admission, and nothing stays in the books', async () => {
  await using own = await startBridge({ admission: { admit: () => ({ code: 3504, reason: 'connection limit' }) } })
  using raw = await rawClient(own.url, { connect: false })
  expect(await raw.closed).toEqual({ code: 3504, reason: 'connection limit' })
  expect(own.bridge.connections()).toEqual([])
})

test('3012: no answer to a ping', async () => {
  await using own = await startBridge({ settings: { pingInterval: 200, pongTimeout: 100 } })
  using raw = await rawClient(own.url)
  expect(await raw.closed).toEqual({ code: 3012, reason: 'no pong' })
})

test('3005: not refreshed in time', async () => {
  await using own = await startBridge({ settings: { ttl: 100, expiryGrace: 100 } })
  using raw = await rawClient(own.url)
  expect(raw.replies[0]).toMatchObject({ connect: { expires: true, ttl: 1 } })
  expect(await raw.closed).toEqual({ code: 3005, reason: 'connection expired' })
})

test('2501: a subscription that is not refreshed in time', async () => {
  await using own = await startBridge({ settings: { subscriptionTtl: 100, expiryGrace: 100 } })
  using raw = await rawClient(own.url)
  raw.send({ id: 2, subscribe: { channel: 'event' } })
  expect(await raw.reply(2)).toMatchObject({ subscribe: { expires: true, ttl: 1 } })
  await expect
    .poll(() => raw.replies.at(-1), { timeout: 5000 })
    .toEqual({
      push: { channel: 'event', unsubscribe: { code: 2501, reason: 'subscription expired' } },
    })
})

test('3509: a client that makes nothing but errors', async () => {
  using raw = await rawClient(server.url)
  for (let id = 2; id < 40; id++) raw.send({ id, nonsense: {} })
  expect(await raw.closed).toEqual({ code: 3509, reason: 'too many errors' })
})

test('whoever may see connections sees who is present', async () => {
  await using own = await startBridge()
  using raw = await rawClient(own.url)
  raw.send({ id: 2, subscribe: { channel: 'event' } }, { id: 3, presence: { channel: 'event' } })
  raw.send({ id: 4, presence_stats: { channel: 'event' } })
  const id = own.bridge.connections()[0]?.id ?? ''
  expect(await raw.reply(3)).toEqual({ id: 3, presence: { presence: { [id]: { client: id, user: 'ada' } } } })
  expect(await raw.reply(4)).toEqual({ id: 4, presence_stats: { num_clients: 1, num_users: 1 } })
})
