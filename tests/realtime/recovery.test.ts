import type { PublicationContext, SubscribedContext } from 'centrifuge'
import { expect, test } from 'vitest'
import { createMemoryAlertLog } from '../../src/realtime/alert-log.ts'
import { client, startBridge, until } from '../support/realtime.ts'

type Server = Awaited<ReturnType<typeof startBridge>>

/** Cuts every socket as a network would: no close frame, whatever is under way is gone. */
function cut({ app }: Server): void {
  for (const socket of app.websocketServer.clients) socket.terminate()
}

/** Subscribes, and notes everything that happens. */
async function listen(server: Server, topic: string) {
  const centrifuge = client(server.url)
  const got: PublicationContext[] = []
  const subscribed: SubscribedContext[] = []
  const sub = centrifuge.newSubscription(topic)
  sub.on('publication', (publication) => got.push(publication)).on('subscribed', (context) => subscribed.push(context))
  sub.subscribe()
  centrifuge.connect()
  await sub.ready(5000)
  return { centrifuge, sub, got, subscribed, [Symbol.dispose]: () => centrifuge.disconnect() }
}

test.each(['alert', 'stream', 'event'])(
  'class %s: 100 hard cuts while publishing, nothing lost and nothing twice',
  async (topic) => {
    await using server = await startBridge()
    using listener = await listen(server, topic)
    let published = 0
    const publishing = setInterval(() => server.bridge.publish(topic, { n: ++published }, 'one'), 1)
    try {
      for (let cuts = 1; cuts <= 100; cuts++) {
        await until(() => listener.subscribed.length === cuts)
        const now = published
        await until(() => published >= now + 3)
        cut(server)
      }
      await until(() => listener.subscribed.length === 101)
    } finally {
      clearInterval(publishing)
    }
    await until(() => listener.got.at(-1)?.data.v.n === published)
    expect(listener.got.map(({ data }) => data.v.n)).toEqual(Array.from({ length: published }, (_, i) => i + 1))
    expect(listener.subscribed.slice(1).every(({ recovered }) => recovered)).toBe(true)
  },
  60_000,
)

test('class state: whoever comes or comes back gets every key at once, and nothing when it has it all', async () => {
  await using server = await startBridge()
  for (let n = 1; n <= 3; n++) server.bridge.publish('state', n, 'cpu')
  server.bridge.publish('state', { free: 1 }, 'memory')
  using listener = await listen(server, 'state')
  await until(() => listener.got.length === 1)
  const everything = { k: 'snap', ts: expect.any(Number), v: { cpu: 3, memory: { free: 1 } } }
  expect(listener.got[0]).toMatchObject({ offset: 4, data: everything })
  cut(server)
  await until(() => listener.subscribed.length === 2)
  expect(listener.subscribed[1]).toMatchObject({
    wasRecovering: true,
    recovered: true,
    hasRecoveredPublications: false,
  })
  server.app.websocketServer.once('connection', () => server.bridge.publish('state', 4, 'cpu'))
  cut(server)
  await until(() => listener.got.length === 2)
  expect(listener.got[1]).toMatchObject({ offset: 5, data: { k: 'snap', v: { cpu: 4, memory: { free: 1 } } } })
})

test('a log that began anew says so: recovered is false and nothing partial comes', async () => {
  const first = await startBridge()
  using listener = await listen(first, 'event')
  first.bridge.publish('event', 1)
  await until(() => listener.got.length === 1)
  await first.app.close()
  await using second = await startBridge({ port: first.port })
  second.bridge.publish('event', 2)
  await until(() => listener.subscribed.length === 2, 20_000)
  expect(listener.subscribed[1]).toMatchObject({ wasRecovering: true, recovered: false })
  expect(listener.got).toHaveLength(1)
  second.bridge.publish('event', 3)
  await until(() => listener.got.length === 2)
  expect(listener.got[1]).toMatchObject({ offset: 2, data: { v: 3 } })
}, 30_000)

test('a durable log goes on across a restart: what was published meanwhile arrives, once', async () => {
  const alertLog = createMemoryAlertLog(() => 'kept')
  const first = await startBridge({ alertLog })
  using listener = await listen(first, 'alert')
  first.bridge.publish('alert', 1)
  await until(() => listener.got.length === 1)
  await first.app.close()
  await using second = await startBridge({ alertLog, port: first.port })
  second.bridge.publish('alert', 2)
  second.bridge.publish('alert', 3)
  await until(() => listener.got.length === 3, 20_000)
  expect(listener.got.map(({ offset, data }) => [offset, data.v])).toEqual([[1, 1], [2, 2], [3, 3]]) // prettier-ignore
  expect(listener.subscribed[1]).toMatchObject({ recovered: true })
}, 30_000)

test.each([
  [1000, true],
  [1001, false],
])('of %i missed messages a resume brings all or none: %s', async (missed, recovered) => {
  await using server = await startBridge()
  using listener = await listen(server, 'event')
  server.bridge.publish('event', 0)
  await until(() => listener.got.length === 1)
  server.app.websocketServer.once('connection', () => {
    for (let n = 1; n <= missed; n++) server.bridge.publish('event', n)
  })
  cut(server)
  await until(() => listener.subscribed.length === 2)
  expect(listener.subscribed[1]).toMatchObject({ wasRecovering: true, recovered })
  const expected = Array.from({ length: recovered ? missed + 1 : 1 }, (_, n) => n)
  await until(() => listener.got.length === expected.length)
  expect(listener.got.map(({ data }) => data.v)).toEqual(expected)
})
