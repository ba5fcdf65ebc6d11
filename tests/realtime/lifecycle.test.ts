import { SubscriptionState } from 'centrifuge'
import { expect, test } from 'vitest'
import type { Principal } from '../../src/realtime/types.ts'
import { client, someone, startBridge, until } from '../support/realtime.ts'

interface Ended {
  readonly code: number
  readonly reason: string
}

test('a connection with a life is refreshed without a gap, and ends when the token is no longer good', async () => {
  const known = new Set(['first', 'fresh'])
  const credentials = {
    verify: (token: string | undefined, principal: Principal) => (known.has(token ?? '') ? principal : undefined),
    current: (principal: Principal) => principal,
  }
  await using server = await startBridge({ credentials, settings: { ttl: 1000 } })
  let asked = 0
  const getToken = async (): Promise<string> => (asked++ === 0 ? 'fresh' : 'stale')
  using centrifuge = client(server.url, { token: 'first', getToken })
  const states: string[] = []
  const ended = new Promise<Ended>((resolve) => centrifuge.on('disconnected', resolve))
  centrifuge.on('state', ({ newState }) => states.push(newState))
  centrifuge.connect()
  expect(await ended).toMatchObject({ code: 3500, reason: 'invalid token' })
  expect(asked).toBe(2)
  expect(states).toEqual(['connecting', 'connected', 'disconnected'])
})

test('a subscription with a life is refreshed, and judged anew', async () => {
  const held = new Set(['event:read'])
  await using server = await startBridge({
    authenticate: () => someone('ada', held),
    settings: { subscriptionTtl: 1000 },
  })
  using centrifuge = client(server.url)
  let asked = 0
  const sub = centrifuge.newSubscription('event', { getToken: async () => `t${asked++}` })
  sub.subscribe()
  centrifuge.connect()
  await sub.ready(5000)
  await until(() => asked >= 2)
  expect(sub.state).toBe('subscribed')
  held.clear()
  const ended = new Promise<Ended>((resolve) => sub.on('unsubscribed', resolve))
  expect(await ended).toMatchObject({ code: 103, reason: 'permission denied' })
})

test('rights that change end the subscription they were for, and no other', async () => {
  const held = new Set(['event:read', 'state:read'])
  await using server = await startBridge({ authenticate: () => someone('ada', held) })
  using centrifuge = client(server.url)
  const [event, state] = [centrifuge.newSubscription('event'), centrifuge.newSubscription('state')]
  event.subscribe()
  state.subscribe()
  centrifuge.connect()
  await Promise.all([event.ready(5000), state.ready(5000)])
  const ways: number[] = []
  event.on('subscribing', ({ code }) => ways.push(code)).on('unsubscribed', ({ code }) => ways.push(code))
  held.delete('event:read')
  server.bridge.rightsChanged('someone else')
  expect(server.bridge.connections()[0]?.subscriptions).toEqual(['event', 'state'])
  server.bridge.rightsChanged('ada')
  await until(() => event.state === SubscriptionState.Unsubscribed)
  expect(ways).toEqual([2503, 103])
  expect(state.state).toBe('subscribed')
  expect(server.bridge.connections()[0]?.subscriptions).toEqual(['state'])
})

test('a principal whose session is over is disconnected for good', async () => {
  const over = new Set<string>()
  const credentials = {
    verify: (_token: string | undefined, principal: Principal) => principal,
    current: (principal: Principal) => (over.has(principal.id) ? undefined : principal),
  }
  await using server = await startBridge({ credentials })
  using centrifuge = client(server.url)
  const ended = new Promise<Ended>((resolve) => centrifuge.on('disconnected', resolve))
  centrifuge.connect()
  await centrifuge.ready(5000)
  over.add('ada')
  server.bridge.rightsChanged('ada')
  expect(await ended).toMatchObject({ code: 3500 })
  expect(server.bridge.connections()).toEqual([])
})

test('pings go to and fro, and give a round trip', async () => {
  await using server = await startBridge({ settings: { pingInterval: 300, pongTimeout: 200 } })
  using centrifuge = client(server.url)
  centrifuge.connect()
  await centrifuge.ready(5000)
  await until(() => server.bridge.connections()[0]?.rtt !== undefined)
  const since = Date.now()
  await until(() => Date.now() > since + 1000)
  expect(centrifuge.state).toBe('connected')
  expect(server.bridge.connections()[0]?.lastPong).toBeGreaterThan(since)
})

test('on shutdown clients are sent away with 4001 and come back to the next server', async () => {
  const first = await startBridge()
  using centrifuge = client(first.url)
  const ways: Ended[] = []
  centrifuge.on('connecting', (context) => ways.push(context))
  centrifuge.connect()
  await centrifuge.ready(5000)
  await first.app.close()
  await until(() => ways.length === 2)
  expect(ways[1]).toMatchObject({ code: 4001, reason: 'drain 1000' })
  await using second = await startBridge({ port: first.port })
  await centrifuge.ready(10_000)
  expect(second.bridge.connections()).toHaveLength(1)
}, 20_000)
