import { createConnection, type Socket } from 'node:net'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { createLimits } from '../../src/realtime/limits/index.ts'
import { rawClient } from '../support/raw-client.ts'
import { client, startBridge, until } from '../support/realtime.ts'

type Server = Awaited<ReturnType<typeof startBridge>>
const text = 'x'.repeat(16 * 1024)

/** A real client that listens to a topic, and the numbers it got. */
async function listener(server: Server, topic: string) {
  const link = client(server.url)
  const got: number[] = []
  const sub = link.newSubscription(topic)
  sub.on('publication', ({ data }) => got.push((data.v as { n: number }).n))
  sub.subscribe()
  link.connect()
  await sub.ready(10_000)
  return { got, [Symbol.dispose]: () => link.disconnect() }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

test('F1: a reader of events that stops is closed with 3008 and its memory given back; others miss nothing', async () => {
  await using server = await startBridge()
  using other = await listener(server, 'event')
  using mute = await rawClient(server.url)
  mute.send({ id: 2, subscribe: { channel: 'event' } })
  await mute.reply(2)
  mute.socket.pause()
  let published = 0
  while (server.bridge.connections().length > 1 && published < 5000) {
    for (let i = 0; i < 20; i++) server.bridge.publish('event', { n: ++published, text })
    await until(() => other.got.length === published)
  }
  expect(server.bridge.connections()).toHaveLength(1)
  mute.socket.resume()
  expect((await mute.closed).code).toBe(3008)
  expect(other.got).toEqual(upTo(published))
})

test('F1: a reader of state that stops is not closed; what it missed is counted, and it ends with the newest', async () => {
  await using server = await startBridge()
  using mute = await rawClient(server.url)
  mute.send({ id: 2, subscribe: { channel: 'state' } })
  await mute.reply(2)
  mute.socket.pause()
  const total = 2000
  for (let n = 1; n <= total; n++) {
    server.bridge.publish('state', { n, text }, `k${n % 10}`)
    if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  const [info] = server.bridge.connections()
  // One value of each key, and a ping if one was due.
  expect(info?.queue.depth).toBeLessThanOrEqual(11)
  expect(info?.queue.bytes).toBeLessThan(1024 * 1024)
  mute.socket.resume()
  const values = () =>
    mute.replies.flatMap(({ push }) => (push as { pub?: { data: { k: string; n?: number; v?: { n: number } } } })?.pub?.data ?? []) // prettier-ignore
  await until(() => values().some(({ v }) => v?.n === total))
  const skipped = values().reduce((sum, { k, n = 0 }) => sum + (k === 'gap' ? n : 0), 0)
  const came = values().filter(({ k }) => k === 'delta').length
  expect(skipped).toBeGreaterThan(0)
  expect(came + skipped).toBe(total)
})

/** Clients of the protocol in a process of their own, which can be stopped as a laptop that sleeps. */
async function startSleepers(port: number, count: number): Promise<ChildProcess> {
  const program = `
    const { WebSocket } = process.getBuiltinModule('module').createRequire('${import.meta.url}')('ws')
    for (let i = 0; i < ${count}; i++) {
      const socket = new WebSocket('ws://127.0.0.1:${port}/connection/websocket')
      socket.on('error', () => undefined)
      socket.on('open', () => socket.send('{"id":1,"connect":{}}'))
      socket.on('message', (data) => String(data) === '{}' && socket.send('{}'))
    }
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['-e', program], { stdio: 'ignore' })
  await once(child, 'spawn')
  return child
}

const openSockets = (server: Server): Promise<number> =>
  new Promise((resolve) => server.app.server.getConnections((_error, count) => resolve(count)))

test('F2: clients whose machine stands still are let go within ping and pong, and leave no socket behind', async () => {
  await using server = await startBridge({ settings: { pingInterval: 300, pongTimeout: 200 } })
  const child = await startSleepers(server.port, 20)
  try {
    await until(() => server.bridge.connections().length === 20)
    // They answer pings: they stay.
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(server.bridge.connections()).toHaveLength(20)
    child.kill('SIGSTOP')
    const began = Date.now()
    await until(() => server.bridge.connections().length === 0, 20_000)
    expect(Date.now() - began).toBeLessThan(10_000)
    // ws waits 2 s for the answer to its farewell before it cuts.
    for (const end = Date.now() + 15_000; (await openSockets(server)) > 0 && Date.now() < end;)
      await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await openSockets(server)).toBe(0)
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})

const sockets = { total: 100, perPrincipal: 20, perAddress: 20 }

test('F3: ten clients that flood with commands are told 111 and closed with 3013; another misses nothing', async () => {
  await using server = await startBridge({ admission: createLimits({ sockets }, () => performance.now()) })
  using other = await listener(server, 'alert')
  const floods = await Promise.all(upTo(10).map(() => rawClient(server.url)))
  let published = 0
  const publishing = setInterval(() => server.bridge.publish('alert', { n: ++published }), 5)
  try {
    const codes = await Promise.all(
      floods.map(async (flood) => {
        for (let id = 2; id < 10_000 && flood.socket.readyState === flood.socket.OPEN; id += 100) {
          flood.send(...upTo(100).map((i) => ({ id: id + i, rpc: { method: 'rt', data: { t0: 1 } } })))
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
        const { code } = await flood.closed
        const refused = flood.replies.some(({ error }) => (error as { code?: number } | undefined)?.code === 111)
        return [refused, code]
      }),
    )
    expect(codes).toEqual(upTo(10).map(() => [true, 3013]))
  } finally {
    clearInterval(publishing)
    for (const flood of floods) flood[Symbol.dispose]()
  }
  await until(() => other.got.length === published)
  expect(other.got).toEqual(upTo(published))
})

/** A bare socket that upgrades and then says nothing. */
function zombie(port: number): Socket {
  const socket = createConnection(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(
    'GET /connection/websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  return socket
}

test('F12: 200 that upgrade and never connect are cut, and churn leaves nothing behind', async () => {
  await using server = await startBridge({ settings: { connectTimeout: 500 } })
  const zombies = upTo(200).map(() => zombie(server.port))
  await until(() => server.bridge.connections().length === 200)
  const said: Buffer[] = []
  zombies[0]?.on('data', (chunk: Buffer) => said.push(chunk))
  await until(() => server.bridge.connections().length === 0)
  // A close frame whose code is 3502.
  await until(() => Buffer.concat(said).includes(Buffer.from([0x0d, 0xae])))
  for (let round = 0; round < 10; round++) {
    const churn = await Promise.all(upTo(20).map(() => rawClient(server.url)))
    for (const [i, raw] of churn.entries()) {
      raw.send({ id: 2, subscribe: { channel: 'event' } })
      if (i % 2 === 0) raw.socket.close()
      else raw.socket.terminate()
    }
  }
  for (const socket of zombies) socket.destroy()
  await until(() => server.bridge.connections().length === 0)
  await until(() => server.bridge.listeners('event') === 0)
  for (const end = Date.now() + 10_000; (await openSockets(server)) > 0 && Date.now() < end;)
    await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await openSockets(server)).toBe(0)
})
