import { expect, test } from 'vitest'
import { installedCentrifugo } from '../../support/centrifugo.ts'
import { client, until } from '../../support/realtime.ts'
import { follow, isUp, startPair, upTo } from './support.ts'

const program = installedCentrifugo('outages of a real Centrifugo') ?? ''
const behind = test.skipIf(program === '')

behind.each(['alert', 'event', 'stream'])(
  'class %s: 20 cuts while publishing, nothing lost and nothing twice',
  async (topic) => {
    await using pair = await startPair(program)
    using centrifuge = client(pair.centrifugo.websocket)
    const sub = centrifuge.newSubscription(topic)
    const { values, raw } = follow(sub)
    sub.subscribe()
    centrifuge.connect()
    await sub.ready(5000)
    for (let n = 1; n <= 100; n++) {
      pair.aura.bridge.publish(topic, n)
      if (n % 5 === 0) {
        centrifuge.disconnect()
        await new Promise((resolve) => setTimeout(resolve, 10))
        centrifuge.connect()
        await sub.ready(5000)
      }
    }
    await until(() => values.length === 100)
    expect(values).toEqual(upTo(100))
    // Centrifugo itself has told none of them twice.
    expect(raw).toHaveLength(100)
  },
)

test('Centrifugo is killed, is away while alerts come, and returns with an empty memory: nothing lost, nothing twice', async () => {
  await using own = await startPair(program)
  using centrifuge = client(own.centrifugo.websocket)
  using sleeper = client(own.centrifugo.websocket)
  const followed = [centrifuge, sleeper].map((each) => {
    const sub = each.newSubscription('alert')
    sub.subscribe()
    each.connect()
    const { values } = follow(sub)
    return { sub, values }
  })
  await Promise.all(followed.map(({ sub }) => sub.ready(5000)))
  for (const n of upTo(10)) own.aura.bridge.publish('alert', n)
  await until(() => followed.every(({ values }) => values.length === 10))
  // One of them does not even see the end: it is away before, and back long after.
  sleeper.disconnect()
  own.aura.bridge.publish('alert', 11)
  await until(() => followed[0]?.values.length === 11)
  await own.centrifugo.kill()
  for (let n = 12; n <= 20; n++) own.aura.bridge.publish('alert', n)
  await until(() => own.aura.app.centrifugo?.().state === 'down')
  expect(own.aura.app.centrifugo?.()).toMatchObject({
    queued: 9,
    since: expect.any(Number),
    reason: expect.any(String),
  })
  await own.centrifugo.start()
  await until(() => isUp(own) && followed[0]?.values.length === 20, 20_000)
  sleeper.connect()
  await until(() => followed[1]?.values.length === 20, 20_000)
  own.aura.bridge.publish('alert', 21)
  await until(() => followed.every(({ values }) => values.length === 21))
  for (const { values } of followed) expect(values.toSorted((a, b) => a - b)).toEqual(upTo(21))
  expect(own.aura.app.centrifugo?.()).toMatchObject({ queued: 0, lost: 0 })
})

behind('Centrifugo begins anew while nothing is published: what it forgot is told it again', async () => {
  await using own = await startPair(program)
  for (const n of upTo(5)) own.aura.bridge.publish('event', n)
  const count = async (): Promise<number> => {
    const answer = await own.centrifugo.api('history', { channel: 'event', limit: 1000 })
    return (answer as { result: { publications: unknown[] } }).result.publications.length
  }
  await expect.poll(count, { timeout: 10_000 }).toBe(5)
  await own.centrifugo.kill()
  await own.centrifugo.start()
  await expect.poll(count, { timeout: 10_000 }).toBe(5)
})

behind('Aura is restarted: connections stay, alerts go on from the stored log', async () => {
  await using own = await startPair(program)
  using centrifuge = client(own.centrifugo.websocket)
  const codes: number[] = []
  centrifuge.on('connecting', ({ code }) => codes.push(code))
  const sub = centrifuge.newSubscription('alert')
  const { values, raw } = follow(sub)
  sub.subscribe()
  centrifuge.connect()
  await sub.ready(5000)
  for (const n of upTo(3)) own.aura.bridge.publish('alert', n)
  await until(() => values.length === 3)
  // Not waited for: what was accepted before the end must arrive.
  for (const n of [4, 5]) own.aura.bridge.publish('alert', n)
  await own.restart()
  for (let n = 6; n <= 10; n++) own.aura.bridge.publish('alert', n)
  await until(() => values.length === 10, 20_000)
  expect(values).toEqual(upTo(10))
  expect(raw).toHaveLength(10)
  expect(codes.slice(1)).toEqual([])
})

behind('a Centrifugo that hangs holds nothing up, and gets everything once when it goes on', async () => {
  await using own = await startPair(program)
  using centrifuge = client(own.centrifugo.websocket)
  const sub = centrifuge.newSubscription('event')
  const { values, raw } = follow(sub)
  sub.subscribe()
  centrifuge.connect()
  await sub.ready(5000)
  own.centrifugo.freeze()
  for (const n of upTo(300)) own.aura.bridge.publish('event', n)
  await until(() => own.aura.app.centrifugo?.().state === 'down')
  own.centrifugo.thaw()
  await until(() => values.length === 300, 20_000)
  expect(values).toEqual(upTo(300))
  expect(raw).toHaveLength(300)
})

behind('closing does not wait for a Centrifugo that hangs', async () => {
  const own = await startPair(program)
  own.centrifugo.freeze()
  for (const n of upTo(10)) own.aura.bridge.publish('event', n)
  const before = performance.now()
  await own.aura.app.close()
  expect(performance.now() - before).toBeLessThan(10_000)
  own.centrifugo.thaw()
  await own.centrifugo.kill()
})
