import { expect, test } from 'vitest'
import { fakeBridge, fakeTransport } from '../support/realtime-fakes.ts'
import { someone } from '../support/realtime.ts'

test('a plain feed gets the snapshot and then payloads, without a handshake or an envelope', async () => {
  const { bridge, clock, publish } = await fakeBridge()
  publish('state', 1, 'cpu')
  const transport = fakeTransport()
  const session = bridge.feed(transport, someone(), 'state')
  clock.advance(150)
  publish('state', 2, 'cpu')
  publish('state', 3, 'cpu')
  clock.advance(150)
  session.receive('whatever arrives is a sign of life')
  expect(transport.take()).toMatchObject([
    { k: 'snap', v: { cpu: 1 } },
    { k: 'gap', n: 1 },
    { k: 'delta', s: 'cpu', v: 3 },
  ])
  expect(transport.ended).toBeUndefined()
})

test.each([
  ['nowhere', 3501],
  ['alert', 3507],
])('a plain feed of %s ends with %i', async (topic, code) => {
  const { bridge } = await fakeBridge()
  const transport = fakeTransport()
  bridge.feed(transport, someone('eve', new Set(['event:read'])), topic)
  expect(transport.ended?.code).toBe(code)
  expect(bridge.books()).toMatchObject({ connections: 0, subscriptions: 0 })
})

test('a plain feed ends when the right to it does', async () => {
  const { bridge } = await fakeBridge()
  const held = new Set(['event:read'])
  const transport = fakeTransport()
  bridge.feed(transport, someone('eve', held), 'event')
  held.clear()
  bridge.api.rightsChanged('eve')
  expect(transport.ended).toEqual({ code: 3507, reason: 'permission denied' })
  expect(transport.sent).toEqual([])
})
