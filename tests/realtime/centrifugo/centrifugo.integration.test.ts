import type { PublicationContext, Subscription } from 'centrifuge'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RealtimeOptions } from '../../../src/plugins/realtime.ts'
import { createMemoryAlertLog } from '../../../src/realtime/alert-log.ts'
import type { Principal } from '../../../src/realtime/types.ts'
import {
  apiKey,
  freePort,
  installedCentrifugo,
  proxySecret,
  startCentrifugo,
  type RunningCentrifugo,
} from '../../support/centrifugo.ts'
import { client, someone, startBridge, until } from '../../support/realtime.ts'

const program = installedCentrifugo('the bridge behind a real Centrifugo')

interface Pair extends AsyncDisposable {
  readonly centrifugo: RunningCentrifugo
  aura: Awaited<ReturnType<typeof startBridge>>
  /** Another Aura in the place of the last one, with the same store. */
  restart(): Promise<void>
}

/** Aura and Centrifugo, each knowing the other. */
async function startPair(principal: () => Principal | undefined = () => someone(), recheck = 60_000): Promise<Pair> {
  const [port, behind] = [await freePort(), await freePort()]
  let epochs = 0
  const options: Partial<RealtimeOptions> & { port: number } = {
    port,
    alertLog: createMemoryAlertLog(() => `log${++epochs}`),
    durable: ['alert', 'event'],
    centrifugo: {
      url: `http://127.0.0.1:${behind}`,
      apiKey,
      timeout: 1000,
      proxySecret,
      recheck,
      authenticate: principal,
    },
  }
  const pair = { aura: await startBridge(options) }
  const centrifugo = await startCentrifugo(program ?? '', `http://127.0.0.1:${port}`, { port: behind })
  return Object.assign(pair, {
    centrifugo,
    async restart() {
      await pair.aura.app.close()
      pair.aura = await startBridge(options)
    },
    async [Symbol.asyncDispose]() {
      await centrifugo.kill()
      await pair.aura.app.close()
    },
  })
}

const isUp = ({ aura }: Pair): boolean => aura.app.centrifugo?.().state === 'up'

/** By Aura's own position, which a publication keeps when Centrifugo is told it again. */
const idOf = ({ tags }: PublicationContext): string => `${tags?.['epoch']}:${tags?.['offset']}`

/** Follows a topic as a careful client does: asks for the history when a resume was not possible, and knows what it had. */
function follow(sub: Subscription): { readonly values: number[]; readonly raw: PublicationContext[] } {
  const had = new Set<string>()
  const values: number[] = []
  const raw: PublicationContext[] = []
  const take = (publication: PublicationContext): void => {
    raw.push(publication)
    if (had.has(idOf(publication))) return
    had.add(idOf(publication))
    values.push((publication.data as { v: number }).v)
  }
  sub.on('publication', take)
  sub.on('subscribed', ({ wasRecovering, recovered }) => {
    if (!wasRecovering || recovered) return
    sub.history({ limit: 1000 }).then(
      ({ publications }) => publications.forEach(take),
      () => undefined,
    )
  })
  return { values, raw }
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

describe.skipIf(program === undefined)('behind a real Centrifugo', () => {
  let pair: Pair
  beforeAll(async () => {
    pair = await startPair()
  })
  afterAll(() => pair[Symbol.asyncDispose]())

  test('connects through the proxy, with our welcome and round trip', async () => {
    using centrifuge = client(pair.centrifugo.websocket)
    const connected = new Promise<{ data?: unknown }>((resolve) => centrifuge.on('connected', resolve))
    centrifuge.connect()
    const { data } = await connected
    expect(data).toEqual({ serverTime: expect.any(Number), contract: 7, principal: { name: 'ada' } })
    const reply = await centrifuge.rpc('rt', { t0: 5, pos: {} })
    expect(reply.data).toEqual({ t0: 5, t1: expect.any(Number), t2: expect.any(Number) })
    await expect(centrifuge.rpc('launch', {})).rejects.toMatchObject({ code: 107 })
  })

  test('a state topic: the snapshot at once, then the newest whole', async () => {
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

  test('how many listen is known', async () => {
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

  test.each(['alert', 'event', 'stream'])(
    'class %s: 20 cuts while publishing, nothing lost and nothing twice',
    async (topic) => {
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
    await using own = await startPair()
    using centrifuge = client(own.centrifugo.websocket)
    using sleeper = client(own.centrifugo.websocket)
    const followed = [centrifuge, sleeper].map((each) => {
      const sub = each.newSubscription('alert')
      sub.subscribe()
      each.connect()
      return { sub, ...follow(sub) }
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

  test('Centrifugo begins anew while nothing is published: what it forgot is told it again', async () => {
    await using own = await startPair()
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

  test('Aura is restarted: connections stay, alerts go on from the stored log', async () => {
    await using own = await startPair()
    using centrifuge = client(own.centrifugo.websocket)
    const codes: number[] = []
    centrifuge.on('connecting', ({ code }) => codes.push(code))
    const sub = centrifuge.newSubscription('alert')
    const { values, raw } = follow(sub)
    sub.subscribe()
    centrifuge.connect()
    await sub.ready(5000)
    for (const n of upTo(5)) own.aura.bridge.publish('alert', n)
    // Not waited for: what was accepted before the end must arrive.
    await own.restart()
    for (let n = 6; n <= 10; n++) own.aura.bridge.publish('alert', n)
    await until(() => values.length === 10, 20_000)
    expect(values).toEqual(upTo(10))
    expect(raw).toHaveLength(10)
    expect(codes.slice(1)).toEqual([])
  })

  test('a Centrifugo that hangs holds nothing up, and gets everything once when it goes on', async () => {
    await using own = await startPair()
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

  test('closing does not wait for a Centrifugo that hangs', async () => {
    const own = await startPair()
    own.centrifugo.freeze()
    for (const n of upTo(10)) own.aura.bridge.publish('event', n)
    const before = performance.now()
    await own.aura.app.close()
    expect(performance.now() - before).toBeLessThan(10_000)
    own.centrifugo.thaw()
    await own.centrifugo.kill()
  })
})

describe.skipIf(program === undefined)('rights behind a real Centrifugo', () => {
  test('a topic that is not theirs, one that does not exist, and publishing are refused', async () => {
    await using own = await startPair(() => someone('eve', new Set(['event:read'])))
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

  test('nobody in particular is not let in', async () => {
    await using own = await startPair(() => undefined)
    using centrifuge = client(own.centrifugo.websocket)
    const ended = new Promise<{ code: number }>((resolve) => centrifuge.on('disconnected', resolve))
    centrifuge.connect()
    expect(await ended).toMatchObject({ code: 101 })
  })

  test('a right that is taken away ends the subscription at once', async () => {
    const rights = new Set(['event:read'])
    await using own = await startPair(() => someone('ada', rights))
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

  test('without a word from us, it is noticed at the next recheck', async () => {
    const rights = new Set(['event:read'])
    await using own = await startPair(() => someone('ada', rights), 1000)
    using centrifuge = client(own.centrifugo.websocket)
    const sub = centrifuge.newSubscription('event')
    const ended = new Promise<{ code: number }>((resolve) => sub.on('unsubscribed', resolve))
    sub.subscribe()
    centrifuge.connect()
    await sub.ready(5000)
    rights.clear()
    expect(await ended).toMatchObject({ code: 103 })
  }, 60_000)
})
