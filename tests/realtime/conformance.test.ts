import type { ConnectedContext, PublicationContext } from 'centrifuge'
import { expect, test } from 'vitest'
import { client, startBridge, until } from '../support/realtime.ts'

test('the real client connects and is told ping, version and contract', async () => {
  await using server = await startBridge()
  using centrifuge = client(server.url)
  const connected = new Promise<ConnectedContext>((resolve) => centrifuge.on('connected', resolve))
  centrifuge.connect()
  const { client: id, data } = await connected
  expect(data).toEqual({ serverTime: expect.any(Number), contract: 7, principal: { name: expect.any(String) } })
  expect(server.bridge.connections()).toMatchObject([{ id, transport: 'websocket', principal: 'ada' }])
})

test.each(['alert', 'stream', 'event', 'state'])('publications of class %s arrive in order', async (topic) => {
  await using server = await startBridge()
  using centrifuge = client(server.url)
  const got: PublicationContext[] = []
  const sub = centrifuge.newSubscription(topic)
  sub.on('publication', (publication) => got.push(publication))
  sub.subscribe()
  centrifuge.connect()
  await sub.ready(5000)
  for (let n = 1; n <= 25; n++) server.bridge.publish(topic, { n }, `k${n}`)
  await until(() => got.length === 25)
  expect(got.map(({ offset, data }) => [offset, data.v.n])).toEqual(got.map((_, i) => [i + 1, i + 1]))
  expect(got[0]?.data).toMatchObject({ s: 'k1', ts: expect.any(Number) })
})
