import { State, SubscriptionState, type PublicationContext } from 'centrifuge'
import { expect, test } from 'vitest'
import { createLimits } from '../../../src/realtime/limits/index.ts'
import { client, someone, until } from '../../support/realtime.ts'
import { rawStream, startAll, streamClient, streams } from './support.ts'

test.each(streams)(
  'over %s the real client connects, subscribes, calls and gets every publication in order',
  async (transport) => {
    await using server = await startAll()
    using centrifuge = streamClient(server.http, transport)
    const got: PublicationContext[] = []
    const sub = centrifuge.newSubscription('event')
    sub.on('publication', (publication) => got.push(publication))
    sub.subscribe()
    centrifuge.connect()
    await sub.ready(5000)
    expect(server.bridge.connections()).toMatchObject([{ transport, peer: 'loopback', subscriptions: ['event'] }])
    for (let n = 1; n <= 200; n++) server.bridge.publish('event', n)
    await until(() => got.length === 200)
    expect(got.map(({ offset, data }) => [offset, data.v])).toEqual(got.map((_, i) => [i + 1, i + 1]))
    expect(await centrifuge.rpc('rt', { t0: 5 })).toMatchObject({ data: { t0: 5 } })
    sub.unsubscribe()
    await until(() => server.bridge.listeners('event') === 0)
  },
)

test.each(streams)('over %s the real client is pinged, and its answers arrive', async (transport) => {
  await using server = await startAll({ settings: { pingInterval: 200, pongTimeout: 100 } })
  using centrifuge = streamClient(server.http, transport)
  centrifuge.connect()
  await centrifuge.ready(5000)
  const [first] = server.bridge.connections()
  await until(() => server.bridge.connections()[0]?.rtt !== undefined)
  await new Promise((resolve) => setTimeout(resolve, 600))
  expect(server.bridge.connections()[0]?.id).toBe(first?.id)
})

test.each(streams)('over %s: after hard cuts nothing is lost and nothing comes twice', async (transport) => {
  await using server = await startAll()
  using centrifuge = streamClient(server.http, transport)
  const got: unknown[] = []
  const recovered: boolean[] = []
  const sub = centrifuge.newSubscription('event')
  sub.on('publication', ({ data }) => got.push(data.v))
  sub.on('subscribed', ({ wasRecovering, recovered: whole }) => void (wasRecovering && recovered.push(whole)))
  sub.subscribe()
  centrifuge.connect()
  await sub.ready(5000)
  let published = 0
  for (let cut = 0; cut < 8; cut++) {
    for (let n = 0; n < 20; n++) server.bridge.publish('event', ++published)
    server.app.server.closeAllConnections()
    for (let n = 0; n < 5; n++) server.bridge.publish('event', ++published)
    await until(
      () =>
        centrifuge.state === State.Connected && sub.state === SubscriptionState.Subscribed && got.length === published,
    )
  }
  expect(got).toEqual(Array.from({ length: published }, (_, i) => i + 1))
  expect(recovered.length).toBeGreaterThan(0)
  expect(recovered).not.toContain(false)
})

test.each(streams)('over %s: a terminal code reaches the client before its stream ends', async (transport) => {
  await using server = await startAll({
    admission: createLimits({ sockets: { total: 0, perPrincipal: 5, perAddress: 5 } }, () => 0),
  })
  using centrifuge = streamClient(server.http, transport)
  const ended = new Promise<{ code: number }>((resolve) => centrifuge.on('disconnected', resolve))
  centrifuge.connect()
  expect(await ended).toMatchObject({ code: 3504 })
})

test.each(streams)('over %s: going over to WebSocket with the same position loses nothing', async (transport) => {
  await using server = await startAll()
  const got: unknown[] = []
  using first = streamClient(server.http, transport)
  const a = first.newSubscription('event')
  let position = { epoch: '', offset: 0 }
  a.on('subscribed', ({ streamPosition }) => void (position = streamPosition ?? position))
  a.on('publication', ({ data, offset }) => {
    got.push(data.v)
    position = { ...position, offset: offset ?? 0 }
  })
  a.subscribe()
  first.connect()
  await a.ready(5000)
  server.bridge.publish('event', 1)
  await until(() => got.length === 1)
  first.disconnect()
  server.bridge.publish('event', 2)
  using second = client(server.url)
  const b = second.newSubscription('event', { since: position })
  b.on('publication', ({ data }) => got.push(data.v))
  b.subscribe()
  second.connect()
  await b.ready(5000)
  server.bridge.publish('event', 3)
  await until(() => got.length === 3)
  expect(got).toEqual([1, 2, 3])
})

test('the books return to zero when streams go', async () => {
  await using server = await startAll()
  const all = await Promise.all(Array.from({ length: 20 }, () => rawStream(server.http)))
  await until(() => server.bridge.connections().length === 20)
  for (const stream of all) stream[Symbol.dispose]()
  await until(() => server.bridge.connections().length === 0)
})

test('somebody else cannot send for a session', async () => {
  let turn = 0
  await using server = await startAll({ authenticate: () => someone(turn++ === 0 ? 'ada' : 'eve') })
  using stream = await rawStream(server.http)
  await until(() => stream.session !== '')
  expect((await stream.send('{"id":2,"subscribe":{"channel":"event"}}')).status).toBe(404)
  expect(server.bridge.listeners('event')).toBe(0)
})

test('a session that just ended answers 204, one that never was 404', async () => {
  await using server = await startAll()
  using stream = await rawStream(server.http)
  await until(() => stream.session !== '')
  expect((await stream.send('{}\n{"id":0,"nonsense":{}}')).status).toBe(204)
  await stream.reading
  expect(stream.lines.at(-1)).toEqual({ push: { disconnect: { code: 3501, reason: 'bad request' } } })
  expect((await stream.send('{}')).status).toBe(204)
  expect((await stream.post('{"session":"never","data":"{}"}')).status).toBe(404)
})

test('closing the server tells streams to come back', async () => {
  const server = await startAll()
  using stream = await rawStream(server.http)
  await until(() => stream.session !== '')
  await server.app.close()
  await stream.reading
  expect(stream.lines.at(-1)).toMatchObject({ push: { disconnect: { code: 4001 } } })
})
