import { expect, test } from 'vitest'
import { installedCentrifugo } from '../../support/centrifugo.ts'
import { client, until } from '../../support/realtime.ts'
import { streamClient, streams } from '../transports/support.ts'
import { follow, startPair, upTo } from './support.ts'

const program = installedCentrifugo('messages through a real Centrifugo') ?? ''
const behind = test.skipIf(program === '')

behind('connects through the proxy, with our welcome and round trip', async () => {
  await using pair = await startPair(program)
  using centrifuge = client(pair.centrifugo.websocket)
  const connected = new Promise<{ data?: unknown }>((resolve) => centrifuge.on('connected', resolve))
  centrifuge.connect()
  const { data } = await connected
  expect(data).toEqual({ serverTime: expect.any(Number), contract: 7, principal: { name: 'ada' } })
  const reply = await centrifuge.rpc('rt', { t0: 5, pos: {} })
  expect(reply.data).toEqual({ t0: 5, t1: expect.any(Number), t2: expect.any(Number) })
  await expect(centrifuge.rpc('launch', {})).rejects.toMatchObject({ code: 107 })
})

behind('a state topic: the snapshot at once, then the newest whole', async () => {
  await using pair = await startPair(program)
  pair.aura.bridge.publish('state', { load: 1 }, 'cpu')
  pair.aura.bridge.publish('state', { used: 2 }, 'memory')
  using centrifuge = client(pair.centrifugo.websocket)
  const sub = centrifuge.newSubscription('state', { recoverable: true })
  const got: unknown[] = []
  const first = new Promise<{ data?: unknown }>((resolve) => sub.on('subscribed', resolve))
  sub.on('publication', ({ data }) => got.push(data))
  sub.subscribe()
  centrifuge.connect()
  const begin = { cpu: { load: 1 }, memory: { used: 2 } }
  expect((await first).data).toEqual({ k: 'snap', ts: expect.any(Number), v: begin })
  for (let n = 1; n <= 50; n++) pair.aura.bridge.publish('state', { load: n }, 'cpu')
  await until(() => (got.at(-1) as { v: typeof begin } | undefined)?.v.cpu.load === 50)
  expect(got.at(-1)).toMatchObject({ k: 'snap', v: { memory: { used: 2 } } })
  expect(got.length).toBeLessThan(20)
  const { publications } = (await centrifuge.rpc('resync', { channel: 'state' })).data as { publications: unknown[] }
  expect(publications).toEqual([{ offset: 0, data: expect.objectContaining({ k: 'snap' }) }])
})

behind('how many listen is known', async () => {
  await using pair = await startPair(program)
  using centrifuge = client(pair.centrifugo.websocket)
  const sub = centrifuge.newSubscription('stream')
  expect(pair.aura.bridge.listeners('stream')).toBe(0)
  sub.subscribe()
  centrifuge.connect()
  await sub.ready(5000)
  await until(() => pair.aura.bridge.listeners('stream') === 1)
  centrifuge.disconnect()
  await until(() => pair.aura.bridge.listeners('stream') === 0)
})

behind.each(streams)('by %s, with commands by POST', async (transport) => {
  await using pair = await startPair(program)
  using centrifuge = streamClient(pair.centrifugo.url, transport)
  const sub = centrifuge.newSubscription('event')
  const { values } = follow(sub)
  sub.subscribe()
  centrifuge.connect()
  await sub.ready(5000)
  for (const n of upTo(3)) pair.aura.bridge.publish('event', n)
  await until(() => values.length === 3)
  expect(values).toEqual(upTo(3))
})
