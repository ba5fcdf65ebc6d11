import { expect, test } from 'vitest'
import { installedCentrifugo } from '../../support/centrifugo.ts'
import { client, someone, until } from '../../support/realtime.ts'
import { startPair } from './support.ts'

const program = installedCentrifugo('rights behind a real Centrifugo') ?? ''
const behind = test.skipIf(program === '')

behind('a topic that is not theirs, one that does not exist, and publishing are refused', async () => {
  await using own = await startPair(program, () => someone('eve', new Set(['event:read'])))
  using centrifuge = client(own.centrifugo.websocket)
  const codes = new Map<string, number>()
  for (const topic of ['alert', 'nothing', 'event']) {
    const sub = centrifuge.newSubscription(topic)
    sub.on('unsubscribed', ({ code }) => codes.set(topic, code))
    sub.on('subscribed', () => codes.set(topic, 0))
    sub.subscribe()
  }
  centrifuge.connect()
  await until(() => codes.size === 3)
  expect(Object.fromEntries(codes)).toEqual({ alert: 103, nothing: 102, event: 0 })
  await expect(centrifuge.publish('event', {})).rejects.toMatchObject({ code: 103 })
  await expect(centrifuge.rpc('resync', { channel: 'state' })).rejects.toMatchObject({ code: 103 })
})

behind('nobody in particular is not let in', async () => {
  await using own = await startPair(program, () => undefined)
  using centrifuge = client(own.centrifugo.websocket)
  const ended = new Promise<{ code: number }>((resolve) => centrifuge.on('disconnected', resolve))
  centrifuge.connect()
  expect(await ended).toMatchObject({ code: 101 })
})

behind('a right that is taken away ends the subscription at once', async () => {
  const rights = new Set(['event:read'])
  await using own = await startPair(program, () => someone('ada', rights))
  using centrifuge = client(own.centrifugo.websocket)
  const sub = centrifuge.newSubscription('event')
  const ended = new Promise<{ code: number }>((resolve) => sub.on('unsubscribed', resolve))
  sub.subscribe()
  centrifuge.connect()
  await sub.ready(5000)
  rights.clear()
  own.aura.bridge.rightsChanged('ada')
  expect(await ended).toMatchObject({ code: 103 })
})

behind(
  'without a word from us, it is noticed at the next recheck',
  async () => {
    const rights = new Set(['event:read'])
    await using own = await startPair(program, () => someone('ada', rights), 1000)
    using centrifuge = client(own.centrifugo.websocket)
    const sub = centrifuge.newSubscription('event')
    const ended = new Promise<{ code: number }>((resolve) => sub.on('unsubscribed', resolve))
    sub.subscribe()
    centrifuge.connect()
    await sub.ready(5000)
    rights.clear()
    expect(await ended).toMatchObject({ code: 103 })
  },
  60_000,
)
