import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { someone, until } from '../../support/realtime.ts'
import { startAll } from './support.ts'

/** A socket as a script opens it. Refused: the status of the answer. */
async function open(port: number, topic: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/${topic}`, { headers })
  const got: { k?: string; s?: string; v?: unknown }[] = []
  socket.on('message', (data: Buffer) => got.push(JSON.parse(data.toString()) as object))
  socket.on('error', () => undefined)
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  const status = await new Promise<number>((resolve) => {
    socket.on('open', () => resolve(101))
    socket.on('unexpected-response', (request, response) => {
      request.destroy()
      resolve(response.statusCode ?? 0)
    })
  })
  return { socket, got, closed, status, [Symbol.dispose]: () => socket.terminate() }
}

test('the snapshot first, then each payload, and the newest of each key', async () => {
  await using server = await startAll()
  server.bridge.publish('state', 1, 'a')
  server.bridge.publish('state', 2, 'b')
  using script = await open(server.port, 'state')
  await until(() => script.got.length === 1)
  expect(script.got[0]).toMatchObject({ k: 'snap', v: { a: 1, b: 2 } })
  server.bridge.publish('state', 3, 'a')
  await until(() => script.got.length === 2)
  expect(script.got[1]).toMatchObject({ k: 'delta', s: 'a', v: 3 })
  expect(server.bridge.connections()).toMatchObject([{ transport: 'plain', subscriptions: ['state'] }])
})

test('each message of a burst is a document of its own, in order', async () => {
  await using server = await startAll()
  using script = await open(server.port, 'event')
  for (let n = 0; n < 100; n++) server.bridge.publish('event', n)
  await until(() => script.got.length === 100)
  expect(script.got.map(({ v }) => v)).toEqual(Array.from({ length: 100 }, (_, i) => i))
})

test('a ping is answered, everything else is ignored', async () => {
  await using server = await startAll()
  using script = await open(server.port, 'event')
  for (const text of ['hello', '{"id":1,"connect":{}}', '[[[[', '{"__proto__":1}', '']) script.socket.send(text)
  script.socket.send(Buffer.from([1, 2, 3]))
  script.socket.send('{}')
  await until(() => script.got.length === 1)
  expect(script.got).toEqual([{}])
  server.bridge.publish('event', 'still here')
  await until(() => script.got.length === 2)
})

test('one that does not answer pings is closed, one that does stays', async () => {
  await using server = await startAll({ settings: { pingInterval: 150, pongTimeout: 100 } })
  using alive = await open(server.port, 'event')
  const mute = new WebSocket(`ws://127.0.0.1:${server.port}/ws/event`, { autoPong: false })
  const code = await new Promise<number>((resolve) => mute.on('close', resolve))
  expect(code).toBe(3012)
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(alive.socket.readyState).toBe(WebSocket.OPEN)
})

test('refused before the upgrade: unknown topic, missing right, foreign origin, nobody', async () => {
  await using server = await startAll({
    authenticate: ({ headers }) =>
      headers['x-nobody'] === undefined ? someone('ada', new Set(['event:read'])) : undefined,
    allowsOrigin: (origin) => origin === undefined,
  })
  expect((await open(server.port, 'nothing')).status).toBe(404)
  expect((await open(server.port, '__proto__')).status).toBe(404)
  expect((await open(server.port, 'state')).status).toBe(403)
  expect((await open(server.port, 'event', { origin: 'http://evil.example' })).status).toBe(403)
  expect((await open(server.port, 'event', { 'x-nobody': '1' })).status).toBe(401)
  using fine = await open(server.port, 'event')
  expect(fine.status).toBe(101)
})

test('the books return to zero', async () => {
  await using server = await startAll()
  const all = await Promise.all(Array.from({ length: 20 }, () => open(server.port, 'event')))
  expect(server.bridge.listeners('event')).toBe(20)
  for (const each of all) each.socket.terminate()
  await until(() => server.bridge.listeners('event') === 0 && server.bridge.connections().length === 0)
})
