import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import realtime from '../../../src/plugins/realtime.ts'
import { limitHandshakes } from '../../../src/realtime/limits/handshakes.ts'
import { createLimits, type LimitOptions } from '../../../src/realtime/limits/index.ts'
import { plain } from '../../../src/realtime/transports/plain.ts'
import { poll } from '../../../src/realtime/transports/poll.ts'
import { sse } from '../../../src/realtime/transports/sse.ts'
import { someone, topics, until } from '../../support/realtime.ts'

async function start(options: Partial<LimitOptions>) {
  const app = fastify({ forceCloseConnections: true })
  const limits = createLimits(options, () => 0)
  limitHandshakes(app, limits)
  await app.register(realtime, {
    authenticate: () => someone(),
    allowsOrigin: () => true,
    contract: 1,
    version: '1',
    topics,
    admission: limits,
    transports: [plain, sse, poll],
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { app, limits, port, [Symbol.asyncDispose]: () => app.close() }
}

/** 101, or the status of the refusal with its Retry-After. */
const upgrade = (port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/event`)
    socket.on('error', () => undefined)
    socket.on('open', () => resolve('101'))
    socket.on('unexpected-response', (request, { statusCode, headers }) => {
      request.destroy()
      resolve(`${statusCode} after ${headers['retry-after']}`)
    })
  })

test('an address that is too hasty gets 429, upgrades and streams alike; ordinary requests go on', async () => {
  await using server = await start({ perAddress: { rate: 0.5, burst: 3 }, shared: () => false })
  expect(await upgrade(server.port)).toBe('101')
  expect(await upgrade(server.port)).toBe('101')
  expect(await upgrade(server.port)).toBe('101')
  expect(await upgrade(server.port)).toBe('429 after 2')
  const stream = await fetch(`http://127.0.0.1:${server.port}/connection/sse?cf_connect=x`)
  expect([stream.status, stream.headers.get('retry-after')]).toEqual([429, '2'])
  expect((await fetch(`http://127.0.0.1:${server.port}/api/poll?topic=event`)).status).toBe(200)
})

test('everybody together gets 503', async () => {
  await using server = await start({ handshakes: { rate: 1, burst: 1 }, patience: 0 })
  expect(await upgrade(server.port)).toBe('101')
  expect(await upgrade(server.port)).toBe('503 after 1')
})

test('many at once are let in one after the other, none is refused', async () => {
  await using server = await start({ handshakes: { rate: 100, burst: 10 }, patience: 1000 })
  const began = performance.now()
  const answers = await Promise.all(Array.from({ length: 60 }, () => upgrade(server.port)))
  expect(new Set(answers)).toEqual(new Set(['101']))
  // The last of them had to wait for 50 others; a timer may be a little early.
  expect(performance.now() - began).toBeGreaterThan(480)
})

test('refused upgrades leave no socket behind', async () => {
  await using server = await start({ handshakes: { rate: 0.001, burst: 0 } })
  const answers = await Promise.all(Array.from({ length: 100 }, () => upgrade(server.port)))
  expect(new Set(answers).size).toBe(1)
  const count = (): Promise<number> =>
    new Promise((resolve) => server.app.server.getConnections((_error, connections) => resolve(connections)))
  let open = await count()
  await until(() => {
    void count().then((now) => (open = now))
    return open === 0
  })
})

test('sockets beyond the limit of an address are closed with 3504, and the books return to zero', async () => {
  await using server = await start({
    sockets: { total: 100, perPrincipal: 100, perAddress: 2 },
    shared: () => false,
  })
  const sockets = [0, 1, 2].map(() => new WebSocket(`ws://127.0.0.1:${server.port}/ws/event`))
  const codes: number[] = []
  for (const socket of sockets) socket.on('close', (code) => codes.push(code))
  await until(() => codes.length === 1)
  expect(codes).toEqual([3504])
  expect(server.limits.sockets).toBe(2)
  for (const socket of sockets) socket.terminate()
  await until(() => server.limits.sockets === 0)
})
