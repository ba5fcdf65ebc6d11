import { expect, test } from 'vitest'
import { fakeBridge } from '../support/realtime-fakes.ts'

test('alerts leave at once, stream and event at the end of the turn, state with what comes within 10 ms', async () => {
  const { clock, join, publish, stored } = await fakeBridge()
  const { transport } = join('alert', 'stream', 'event', 'state')
  for (const topic of ['state', 'event', 'stream']) publish(topic, 1, 'k')
  expect(transport.takePublications()).toEqual([])
  publish('alert', 1)
  await stored()
  expect(transport.takePublications()).toMatchObject([{ data: { k: 'event', v: 1 } }, { data: { k: 'append' } }, { data: { k: 'event' } }]) // prettier-ignore
  publish('event', 2)
  clock.endTurn()
  expect(transport.takePublications()).toMatchObject([{ offset: 2, data: { k: 'event', v: 2 } }])
  clock.advance(5)
  publish('state', 2, 'other')
  expect(transport.takePublications()).toEqual([])
  clock.advance(5)
  expect(transport.takePublications()).toMatchObject([{ data: { k: 'delta', s: 'k', v: 1 } }, { data: { v: 2 } }])
})

test('state that comes all the time leaves every 100 ms, the newest of each key', async () => {
  const { clock, join, publish } = await fakeBridge()
  const { transport } = join('state')
  const left: number[] = []
  for (let ms = 0; ms < 1000; ms += 5) {
    publish('state', ms, 'k')
    clock.advance(5)
    const [newest, ...more] = transport.takePublications().filter(({ data }) => data.k === 'delta')
    if (newest !== undefined) left.push(ms)
    expect(more).toEqual([])
  }
  const pauses = left.slice(1).map((ms, i) => ms - (left[i] ?? 0))
  expect(left[0]).toBeLessThanOrEqual(10)
  // A quarter sooner, when others are due.
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(75)
  expect(Math.max(...pauses)).toBeLessThanOrEqual(105)
})

test('while an event goes out to very many an alert overtakes it, and takes it along', async () => {
  const { clock, join, publish, stored } = await fakeBridge()
  const clients = Array.from({ length: 600 }, () => join('alert', 'event'))
  const got = (at: number): unknown[] => clients[at]?.transport.takePublications().map(({ data }) => data.v) ?? []
  publish('event', 'event')
  clock.oneTurn()
  expect([got(0), got(599)]).toEqual([['event'], []])
  publish('alert', 'alert')
  await stored()
  expect([got(0), got(599)]).toEqual([['alert'], ['alert', 'event']])
  clock.endTurn()
  expect([got(300), got(599)]).toEqual([['alert', 'event'], []])
})

test('ten messages do not wait for the end of the turn, nor ten keys for their timer', async () => {
  const { join, publish } = await fakeBridge()
  const { transport } = join('event', 'state')
  for (let n = 1; n <= 19; n++) publish('event', n)
  expect(transport.takePublications()).toHaveLength(10)
  for (let n = 1; n <= 10; n++) publish('state', n, `k${n}`)
  expect(transport.takePublications().filter(({ data }) => data.k === 'delta')).toHaveLength(10)
})

test('a client that does not read: state is conflated and told, and the newest value comes when it reads again', async () => {
  const { clock, join, publish } = await fakeBridge()
  const { transport } = join('state')
  transport.buffered = 1e6
  for (let n = 1; n <= 30; n++) {
    publish('state', n, `k${n % 3}`)
    clock.advance(100)
  }
  expect(transport.takePublications()).toEqual([])
  transport.buffered = 0
  clock.advance(100)
  const [gap, ...values] = transport.takePublications()
  expect(gap?.data).toMatchObject({ k: 'gap', n: 27 })
  expect(values.map(({ offset, data }) => [offset, data.v])).toEqual([[28, 28], [29, 29], [30, 30]]) // prettier-ignore
})

test('a client that does not read: more than 1 MiB of what may not be dropped ends it with 3008', async () => {
  const { bridge, join, publish } = await fakeBridge()
  const { transport } = join('event')
  const other = join('event')
  transport.buffered = 1e6
  for (let n = 1; n <= 11; n++) publish('event', 'x'.repeat(100_000))
  expect(transport.ended).toEqual({ code: 3008, reason: 'slow' })
  expect(transport.sent).toEqual([])
  expect(other.transport.ended).toBeUndefined()
  expect(bridge.books()).toMatchObject({ connections: 1, subscriptions: 1 })
  expect(bridge.totals.closes.get(3008)).toBe(1)
})

test('a client that reads slowly gets alerts first and then 8 of stream to 4 of event to 1 of state', async () => {
  const settings = { batchBytes: 13_500, queueBytes: 1e7 }
  const { clock, join, publish, stored } = await fakeBridge({ settings })
  const { transport } = join('alert', 'stream', 'event', 'state')
  transport.buffered = 1e6
  const text = 'x'.repeat(400)
  for (let n = 1; n <= 40; n++) for (const topic of ['state', 'event', 'stream']) publish(topic, text, `k${n}`)
  publish('alert', 'fire')
  await stored()
  clock.advance(100)
  transport.buffered = 0
  clock.advance(50)
  const first = transport.takePublications().slice(0, 14)
  const kinds = first.map(({ data }) => (data.v === 'fire' ? 'alert' : data.k))
  expect(kinds).toEqual(['alert', ...Array(8).fill('append'), ...Array(4).fill('event'), 'delta'])
})

test('one that is told of 10 s of lag is closed, one of 2 s gets state every second', async () => {
  const { bridge, clock, join, publish } = await fakeBridge()
  const { transport, send } = join('state')
  const report = (state: number): void => send({ rpc: { method: 'rt', data: { t0: 0, pos: { state } } } })
  const pass = (ms: number): void => {
    for (let t = 0; t < ms; t += 500) {
      publish('state', t, 'cpu')
      clock.advance(500)
      send({ ping: {} })
    }
  }
  report(0)
  pass(3000)
  report(0)
  expect(bridge.api.connections()[0]?.lag?.ms).toBeGreaterThan(2000)
  transport.take()
  publish('state', 'slow', 'cpu')
  // The last one left half a second ago.
  clock.advance(400)
  expect(transport.takePublications()).toEqual([])
  clock.advance(200)
  expect(transport.takePublications()).toMatchObject([{ data: { v: 'slow' } }])
  report(7)
  expect(bridge.api.connections()[0]?.lag).toEqual({ ms: 0, messages: 0 })
  pass(11_000)
  report(7)
  expect(transport.ended).toEqual({ code: 3008, reason: 'slow' })
})

test('what is on its way is not lag', async () => {
  const { bridge, clock, join, publish } = await fakeBridge()
  const { send } = join('event')
  send({ rpc: { method: 'rt', data: { t0: 0, pos: { event: 0 } } } })
  for (let n = 1; n <= 1000; n++) publish('event', n)
  clock.advance(100)
  send({ rpc: { method: 'rt', data: { t0: 0, pos: { event: 0 } } } })
  expect(bridge.api.connections()[0]?.lag).toEqual({ ms: 0, messages: 0 })
})

test('draining: 200 every 250 ms, what waits leaves before, and nobody new is let in afterwards', async () => {
  const { bridge, clock, join, publish, stored } = await fakeBridge()
  const clients = Array.from({ length: 450 }, () => join('state'))
  publish('state', 'last', 'k')
  const drained = bridge.drain()
  const gone = (): number => clients.filter(({ transport }) => transport.ended !== undefined).length
  await stored()
  expect(gone()).toBe(200)
  clock.advance(250)
  await stored()
  expect(gone()).toBe(400)
  clock.advance(250)
  await drained
  expect(bridge.draining).toBe(true)
  expect(clients.every(({ transport }) => transport.ended?.code === 4001)).toBe(true)
  expect(clients.every(({ transport }) => transport.takePublications()[0]?.data.v === 'last')).toBe(true)
  expect(bridge.books()).toEqual({ connections: 0, subscriptions: 0, timers: 0, queues: 0 })
})
