import { expect, test } from 'vitest'
import { fakeBridge, fakeTransport } from '../support/realtime-fakes.ts'
import { startSleeper } from '../support/realtime-sleepers.ts'
import { someone, startBridge, until } from '../support/realtime.ts'

const closes = async (port: number): Promise<Record<string, number>> => {
  const response = await fetch(`http://127.0.0.1:${port}/api/websocket/connections`)
  return ((await response.json()) as { totals: { closes: Record<string, number> } }).totals.closes
}

test('F1: readers that stop without a word: events end with 3008 and lose nothing, state has the newest at once', async () => {
  await using server = await startBridge({ settings: { pingInterval: 600, pongTimeout: 300 } })
  await using events = await startSleeper(server.url, ['event'])
  await using states = await startSleeper(server.url, ['state'])
  await until(() => server.bridge.listeners('event') === 1 && server.bridge.listeners('state') === 1, 20_000)
  let published = 0
  const publishing = setInterval(() => {
    published++
    server.bridge.publish('event', published)
    server.bridge.publish('state', published, 'cpu')
  }, 10)
  try {
    const before = published
    await until(() => published > before + 20)
    events.sleep()
    states.sleep()
    await until(() => server.bridge.connections().length === 0)
    expect(await closes(server.port)).toEqual({ 3008: 1, 3012: 1 })
  } finally {
    clearInterval(publishing)
  }
  events.wake()
  states.wake()
  const awake = Date.now()
  let state = (await states.ask())['state']
  while (state?.got.at(-1) !== published && Date.now() - awake < 10_000) state = (await states.ask())['state']
  expect(state?.got.at(-1)).toBe(published)
  let event = (await events.ask())['event']
  while (event?.got.at(-1) !== published && Date.now() - awake < 10_000) event = (await events.ask())['event']
  expect(event).toMatchObject({ lost: false, got: Array.from({ length: published }, (_, i) => i + 1) })
}, 60_000)

/** ms from the last sign of life of a client that reads nothing more until it is sent away, and the code. */
async function patience(topic: 'event' | 'state'): Promise<[ms: number, code: number | undefined]> {
  const { bridge, clock, publish } = await fakeBridge()
  const transport = fakeTransport()
  const session = bridge.open(transport, someone())
  session.receive(`{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"${topic}"}}`)
  let silent = -1
  for (let ms = 0; transport.ended === undefined && ms < 100_000; ms += 100) {
    publish(topic, ms, 'k')
    clock.advance(100)
    const pinged = transport.take().some((message) => Object.keys(message).length === 0)
    // Two answers, then never again.
    if (pinged && ms < 20_000) {
      session.receive('{}')
      silent = ms
    }
  }
  return [clock.monotonic() - silent, transport.ended?.code]
}

test('F1: with the real intervals nobody is paid for events for more than 12 s without a sign of life', async () => {
  const [events, code] = await patience('event')
  expect(code).toBe(3008)
  expect(events).toBeLessThanOrEqual(12_000)
  const [states, other] = await patience('state')
  expect(other).toBe(3012)
  expect(states).toBeLessThanOrEqual(16_000)
})
