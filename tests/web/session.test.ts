import { beforeEach, expect, it } from 'vitest'
import { createSession, type Session } from '../../web/src/realtime/session.ts'
import type { ConnectionState } from '../../web/src/realtime/types.ts'
import { createFakeClock, type FakeClock } from './support/fake-clock.ts'
import { createFakeLinks } from './support/fake-links.ts'

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

let clock: FakeClock
let links: ReturnType<typeof createFakeLinks>
let session: Session
let reachable: boolean
let states: ConnectionState[]
let payloads: unknown[]

beforeEach(() => {
  clock = createFakeClock()
  links = createFakeLinks()
  reachable = true
  states = []
  payloads = []
  session = createSession(
    {
      clock,
      openLink: links.open,
      random: () => 0.5,
      reachable: async () => reachable,
      staleAfter: (topic) => (topic === 'system' ? 10_000 : undefined),
    },
    {
      connection: ({ state }) => states.push(state),
      payload: (topic, payload) => payloads.push([topic, payload]),
      changed: () => undefined,
    },
  )
})

const fail = async (timedOut: boolean): Promise<void> => {
  links.last().events.failed(timedOut)
  await settle()
}

it('starts with WebSocket and subscribes to what is followed', () => {
  session.follow(new Set(['system']))
  links.last().events.open({ contract: 1 })
  expect(session.connection()).toMatchObject({ state: 'live', transport: 'websocket', contract: 1 })
  expect([...links.last().topics.keys()]).toEqual(['system'])
  session.follow(new Set(['models']))
  expect([...links.last().topics.keys()]).toEqual(['models'])
})

it('falls back to event streams and polling, and goes on from the same position', async () => {
  session.follow(new Set(['system']))
  links.last().events.open(undefined)
  links.last().events.subscribed('system', { position: { epoch: 'e', offset: 4 } })
  links.last().events.message('system', { k: 'snap', ts: 1, v: { cpu: 1 } }, 4)
  links.last().events.message('system', { k: 'delta', s: 'cpu', ts: 2, v: 2 }, 5)
  links.last().events.down({ code: 1, reason: 'transport closed' })
  await fail(false)
  await fail(false)
  expect(links.last().transport).toBe('sse')
  expect(links.links[0]?.closed).toBe(true)
  expect(links.last().topics.get('system')).toBe('e:5')
  await fail(true)
  expect(links.last().transport).toBe('poll')
  links.last().events.open(undefined)
  links.last().events.message('system', { k: 'delta', s: 'cpu', ts: 2, v: 2 }, 5)
  links.last().events.message('system', { k: 'delta', s: 'cpu', ts: 3, v: 3 }, 6)
  expect(session.connection()).toMatchObject({ state: 'live', transport: 'poll' })
  expect(payloads).toHaveLength(3)
  expect(session.state('system').value).toEqual({ cpu: 3 })
})

it('keeps trying WebSocket while the server is away altogether', async () => {
  reachable = false
  for (let attempt = 0; attempt < 10; attempt += 1) await fail(true)
  expect(links.links).toHaveLength(1)
})

it('climbs back to WebSocket after five minutes, and only once it works', async () => {
  await fail(true)
  const stream = links.last()
  stream.events.open(undefined)
  session.follow(new Set(['system']))
  clock.pass(299_000)
  expect(links.links).toHaveLength(2)
  clock.pass(1000)
  expect(links.last().transport).toBe('websocket')
  await fail(false)
  expect(links.last().closed).toBe(true)
  expect(stream.closed).toBe(false)
  clock.pass(300_000)
  expect(links.links).toHaveLength(4)
  links.last().events.open(undefined)
  expect(stream.closed).toBe(true)
  expect([...links.last().topics.keys()]).toEqual(['system'])
  expect(session.connection().transport).toBe('websocket')
  clock.pass(900_000)
  expect(links.links).toHaveLength(4)
})

it('hears nothing of a link that it has left', async () => {
  const first = links.last()
  await fail(true)
  first.events.open(undefined)
  first.events.refused({ code: 3507, reason: 'permission denied' })
  expect(session.connection().state).toBe('connecting')
})

it('stays away for a while when the server drains', () => {
  links.last().events.open(undefined)
  links.last().events.down({ code: 4001, reason: 'drain 6000' })
  expect(links.last().pauses).toEqual([3000])
  expect(session.connection().state).toBe('recovering')
})

it('says when nothing new arrives, and when it does again', () => {
  session.follow(new Set(['system', 'models']))
  links.last().events.open(undefined)
  clock.pass(9000)
  expect(session.connection().state).toBe('live')
  clock.pass(3000)
  expect(session.connection().state).toBe('stale')
  links.last().events.message('system', { k: 'snap', ts: 1, v: {} }, 1)
  expect(session.connection().state).toBe('live')
  session.follow(new Set(['models']))
  clock.pass(60_000)
  expect(session.connection().state).toBe('live')
})

it('gives up when refused, until told to try again', () => {
  links.last().events.refused({ code: 3504, reason: 'connection limit' })
  expect(session.connection()).toMatchObject({ state: 'refused', code: 3504 })
  clock.pass(600_000)
  expect(links.links).toHaveLength(1)
  session.retry()
  expect(links.links).toHaveLength(2)
  links.last().events.open(undefined)
  expect(states).toEqual(['refused', 'connecting', 'live'])
})

it('hurries when the network is back', () => {
  links.last().events.open(undefined)
  session.network(false)
  links.last().events.down({ code: 1, reason: 'transport closed' })
  expect(session.connection().state).toBe('offline')
  session.network(true)
  expect(links.last().hurried).toBe(1)
  expect(session.connection().state).toBe('recovering')
})

it('measures the round trip every ten seconds while someone looks', async () => {
  links.last().answer = { t1: clock.now() + 500, t2: clock.now() + 500 }
  links.last().events.open(undefined)
  await settle()
  expect(session.connection()).toMatchObject({ rtt: 0, clockOffset: 500 })
  expect(links.last().calls[0]).toMatchObject({ method: 'rt', data: { t0: clock.now(), pos: {} } })
  session.watched(false)
  clock.pass(60_000)
  expect(links.last().calls).toHaveLength(1)
  session.watched(true)
  expect(links.last().calls).toHaveLength(2)
  clock.pass(10_000)
  expect(links.last().calls).toHaveLength(3)
  await settle()
})

it('leaves no timer behind', async () => {
  await fail(true)
  links.last().events.open(undefined)
  session.close()
  expect(clock.waiting).toBe(0)
  expect(links.links.every(({ closed }) => closed)).toBe(true)
})
