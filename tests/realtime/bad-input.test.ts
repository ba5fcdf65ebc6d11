import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rawClient } from '../support/raw-client.ts'
import { startBridge, until } from '../support/realtime.ts'

type Server = Awaited<ReturnType<typeof startBridge>>

let server: Server
let bystander: Awaited<ReturnType<typeof rawClient>>

beforeAll(async () => {
  server = await startBridge()
  bystander = await rawClient(server.url)
  bystander.send({ id: 2, subscribe: { channel: 'event' } })
  await bystander.reply(2)
})

// Whatever others sent: who did nothing wrong is still served.
afterAll(async () => {
  server.bridge.publish('event', 'still here')
  await until(() => bystander.texts.some((text) => text.includes('still here')))
  expect(server.bridge.connections()).toHaveLength(1)
  bystander.socket.terminate()
  await server.app.close()
})

const internals = /\bat \S+:\d+|\/home|\/work|node_modules|select |Error|127\.0\.0\.1|undefined/i
const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

test.each([
  ['not JSON', '{"id":2,'],
  ['text', 'hello'],
  ['a number', '7'],
  ['null', 'null'],
  ['an array', '[]'],
  ['no id', '{"subscribe":{"channel":"event"}}'],
  ['id 0', '{"id":0,"ping":{}}'],
  ['a negative id', '{"id":-1,"ping":{}}'],
  ['a broken id', '{"id":1.5,"ping":{}}'],
  ['an id that is no number', '{"id":"2","ping":{}}'],
  ['10,000 deep', `{"id":2,"rpc":{"method":"rt","data":${deep(10_000)}}}`],
  ['10,000 deep and open', '['.repeat(10_000)],
  ['a second connect', '{"id":2,"connect":{}}'],
  ['more than 64 KiB', JSON.stringify({ id: 2, rpc: { method: 'rt', data: 'x'.repeat(65_536) } })],
  ['129 commands', Array.from({ length: 129 }, (_, i) => `{"id":${i + 2},"ping":{}}`).join('\n')],
])('3501: %s', async (_what, text) => {
  using raw = await rawClient(server.url)
  raw.send(text)
  expect(await raw.closed).toEqual({ code: 3501, reason: 'bad request' })
  expect(raw.texts.filter((line) => internals.test(line))).toEqual([])
})

test('3501: a command before connect', async () => {
  using raw = await rawClient(server.url, { connect: false })
  raw.send({ id: 1, subscribe: { channel: 'event' } })
  expect(await raw.closed).toEqual({ code: 3501, reason: 'bad request' })
  expect(raw.replies).toEqual([])
})

test.each([
  ['__proto__ as a command', '{"id":2,"__proto__":{"admin":true}}'],
  ['__proto__ as a field', '{"id":2,"subscribe":{"channel":"event","__proto__":{"recover":true}}}'],
  ['constructor as a command', '{"id":2,"constructor":{}}'],
  ['an unknown command', '{"id":2,"drop":{}}'],
  ['an unknown field', '{"id":2,"subscribe":{"channel":"event","admin":true}}'],
  ['a wrong type', '{"id":2,"subscribe":{"channel":7}}'],
  ['an empty channel', '{"id":2,"subscribe":{"channel":""}}'],
  ['a long channel', `{"id":2,"subscribe":{"channel":"${'x'.repeat(256)}"}}`],
  ['a negative offset', '{"id":2,"subscribe":{"channel":"event","recover":true,"offset":-1}}'],
  ['an offset beyond integers', '{"id":2,"subscribe":{"channel":"event","recover":true,"offset":1e300}}'],
  ['parameters that are no object', '{"id":2,"subscribe":[]}'],
  ['two commands in one', '{"id":2,"ping":{},"refresh":{}}'],
])('107: %s', async (_what, text) => {
  using raw = await rawClient(server.url)
  raw.send(text)
  expect(await raw.reply(2)).toEqual({ id: 2, error: { code: 107, message: 'bad request' } })
  raw.send({ id: 3, ping: {} })
  expect(await raw.reply(3)).toEqual({ id: 3, ping: {} })
  expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false)
})

test('duplicate keys: the last one counts, as JSON.parse has it', async () => {
  using raw = await rawClient(server.url)
  raw.send('{"id":9,"id":2,"subscribe":{"channel":"alert","channel":"event"}}')
  expect(await raw.reply(2)).toMatchObject({ subscribe: { recoverable: true } })
  expect(server.bridge.connections().at(-1)?.subscriptions).toEqual(['event'])
})

test('an offset from the future and another epoch recover nothing, and say so', async () => {
  using raw = await rawClient(server.url)
  raw.send({ id: 2, subscribe: { channel: 'stream', recover: true, epoch: 'other', offset: 0 } })
  const { subscribe } = (await raw.reply(2)) as { subscribe: { epoch: string } }
  expect(subscribe).toMatchObject({ was_recovering: true, recovered: false, offset: 0 })
  raw.send({ id: 3, unsubscribe: { channel: 'stream' } })
  raw.send({ id: 4, subscribe: { channel: 'stream', recover: true, epoch: subscribe.epoch, offset: 99 } })
  expect(await raw.reply(4)).toMatchObject({ subscribe: { was_recovering: true, recovered: false, offset: 0 } })
})

test('3501: a binary message', async () => {
  using raw = await rawClient(server.url)
  raw.socket.send(Buffer.from('{"id":2,"ping":{}}'))
  expect((await raw.closed).code).toBe(3501)
})

test('1009: 1 MiB and one byte', async () => {
  using raw = await rawClient(server.url)
  raw.socket.send('x'.repeat(1024 * 1024 + 1))
  expect((await raw.closed).code).toBe(1009)
})

/** Masked with zeros, so that the payload stands as it is. */
const frame = (head: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([head, 0x80 | payload.length, 0, 0, 0, 0]), payload])

const rawSocketOf = ({ socket }: { socket: WebSocket }) =>
  (socket as unknown as { _socket: ReturnType<typeof connect> })['_socket']

test.each([
  ['1007: invalid UTF-8', 1007, [frame(0x81, Buffer.from([0xff, 0xfe]))]],
  ['1002: an unknown opcode', 1002, [frame(0x83, Buffer.from('x'))]],
  ['1002: not masked', 1002, [Buffer.from([0x81, 1, 0x78])]],
  [
    '1008: a flood of fragments',
    1008,
    [frame(0x01, Buffer.from('x')), ...Array(20).fill(frame(0x00, Buffer.from('x')))],
  ],
])('%s', async (_what, code, frames) => {
  using raw = await rawClient(server.url)
  rawSocketOf(raw).write(Buffer.concat(frames))
  expect((await raw.closed).code).toBe(code)
})

test.each([
  ['403', { allowsOrigin: (origin?: string) => origin === 'http://here' }, { origin: 'http://there' }],
  ['403', { allowsOrigin: (origin?: string) => origin === 'http://here' }, {}],
  ['401', { authenticate: () => undefined }, {}],
])('%s before the upgrade', async (status, options, headers) => {
  await using own = await startBridge(options)
  const socket = new WebSocket(own.url, { headers })
  const failure = await new Promise<Error>((resolve) => socket.once('error', resolve))
  expect(failure.message).toBe(`Unexpected server response: ${status}`)
  expect(own.app.websocketServer.clients.size).toBe(0)
})
