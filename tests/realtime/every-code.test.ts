import { expect, test } from 'vitest'
import { closes, drain, errors, unsubscribes } from '../../src/realtime/codes.ts'
import { createInProcessEngine } from '../../src/realtime/engines/in-process.ts'
import { createHub } from '../../src/realtime/hub.ts'
import type { Principal } from '../../src/realtime/types.ts'
import { fakeBridge, fakeTransport } from '../support/realtime-fakes.ts'
import { someone } from '../support/realtime.ts'

type Options = NonNullable<Parameters<typeof fakeBridge>[0]>

const failing = (): never => {
  throw new Error('broken pipe at /home/someone')
}
/** What every command of a client is answered, and how many subscriptions it may have. */
const allowing = (verdict: 'ok' | 'busy' | 'close', maxSubscriptions = 64): Options => ({
  admission: { admit: () => ({ command: () => verdict, maxSubscriptions, release: () => undefined }) },
})
/** What a token is worth, and what the principal is worth later. */
const knowing = (
  verify: (principal: Principal) => Principal | 'expired' | 'missing' | undefined,
  current: (principal: Principal) => Principal | 'expired' | undefined = (principal) => principal,
): Options => ({ credentials: { verify: (_token, principal) => verify(principal), current } })

const same = (principal: Principal): Principal => principal

/** An engine of which one message never comes. */
function forgetful(): Options {
  const engine = createInProcessEngine({ logger: { error: failing, info: failing } })
  const forgets: typeof engine = {
    ...engine,
    subscribe: (topic, listener) => engine.subscribe(topic, (message) => message.offset !== 2 && listener(message)),
  }
  return { hub: createHub({ engine: forgets }) }
}

async function meet(options: Options = {}) {
  const world = await fakeBridge(options)
  const transport = fakeTransport()
  const session = world.bridge.open(transport, someone())
  let id = 0
  const send = (command: object): void => session.receive(JSON.stringify({ id: ++id, ...command }))
  return { ...world, transport, session, send, ...joining(send) }
}
type Meeting = Awaited<ReturnType<typeof meet>>

const joining = (send: (command: object) => void) => ({
  join: (...channels: string[]) => {
    send({ connect: {} })
    for (const channel of channels) send({ subscribe: { channel } })
  },
})

interface Told {
  readonly error?: { readonly code: number }
  readonly push?: { readonly unsubscribe?: { readonly code: number } }
}

/** Every code that the client has been told. */
function told({ transport }: Meeting): unknown[] {
  const found = (transport.take() as Told[]).flatMap(({ error, push }) => error?.code ?? push?.unsubscribe?.code ?? [])
  return [...found, ...(transport.ended === undefined ? [] : [transport.ended.code])]
}

const many = Array.from({ length: 40 }, (_, n) => n)
const short = { ttl: 1000, subscriptionTtl: 1000, expiryGrace: 0 }

/** How each code comes about. */
const ways: readonly [code: number, options: Options, happens: (meeting: Meeting) => unknown][] = [
  [100, knowing(failing), ({ join }) => join()],
  [101, knowing(() => 'missing'), ({ join }) => join()],
  [102, {}, ({ join }) => join('nowhere')],
  [103, knowing(() => someone('eve', new Set())), ({ join }) => join('event')],
  [105, {}, ({ join }) => join('event', 'event')],
  [106, allowing('ok', 0), ({ join }) => join('event')],
  [107, {}, ({ join, send }) => [join(), send({ nonsense: {} })]],
  [108, {}, ({ join, send }) => [join(), send({ send: {} })]],
  [109, knowing(() => 'expired'), ({ join }) => join()],
  [111, allowing('busy'), ({ join }) => join()],
  [112, {}, ({ join, send }) => [join(), send({ history: { channel: 'event', since: { offset: 7, epoch: 'gone' } } })]],
  [2500, forgetful(), ({ join, publish }) => [join('event'), publish('event', 1), publish('event', 2), publish('event', 3)]],
  [2501, { settings: { ...short, ttl: 0 } }, ({ join, clock }) => [join('event'), clock.advance(1500)]],
  [2503, knowing(same, () => someone('ada', new Set())), ({ join, bridge }) => [join('event'), bridge.api.recheck(() => true)]],
  [3004, {}, ({ join, transport, publish, clock }) => {
    join('event')
    transport.send = failing
    publish('event', 1)
    clock.endTurn()
  }],
  [3005, { settings: { ...short, subscriptionTtl: 0 } }, ({ join, clock }) => [join(), clock.advance(1500)]],
  [3008, {}, ({ join, transport, publish }) => {
    join('event')
    transport.buffered = 1e6
    for (const n of many) publish('event', 'x'.repeat(30_000) + n)
  }],
  [3010, {}, ({ join, send }) => [join('event'), send({ rpc: { method: 'rt', data: { t0: 1, pos: { event: 7 } } } })]],
  [3012, {}, ({ join, clock }) => [join(), clock.advance(20_000)]],
  [3013, allowing('close'), ({ join }) => join()],
  [3500, knowing(same, () => undefined), ({ join, bridge }) => [join(), bridge.api.rightsChanged('ada')]],
  [3501, {}, ({ session }) => session.receive('{')],
  [3502, {}, ({ clock }) => clock.advance(6000)],
  [3504, { admission: { admit: () => ({ code: 3504, reason: 'connection limit' }) } }, () => undefined],
  [3509, {}, ({ join, send }) => [join(), many.map(() => send({ nonsense: {} }))]],
  [4001, {}, ({ join, bridge, stored }) => [join(), bridge.drain(), stored()]],
  [4401, knowing(same, () => 'expired'), ({ join, bridge }) => [join(), bridge.api.recheck(({ id }) => id === 'ada')]],
  [4503, {}, ({ join, bridge }) => [join(), bridge.api.maintain(true)]],
] // prettier-ignore

test.each(ways)('%i', async (code, options, happens) => {
  const meeting = await meet(options)
  await Promise.resolve(happens(meeting))
  await meeting.stored()
  expect(told(meeting)).toContain(code)
})

/** Who comes too late, and what they are told. */
async function latecomer(before: (meeting: Meeting) => unknown, topic?: string): Promise<number | undefined> {
  const meeting = await meet()
  before(meeting)
  const late = fakeTransport()
  if (topic === undefined) meeting.bridge.open(late, someone())
  else meeting.bridge.feed(late, someone(), topic)
  return late.ended?.code
}

const draining = ({ bridge }: Meeting): unknown => bridge.drain()
const maintained = ({ bridge }: Meeting): void => bridge.api.maintain(true)

test('3001, 4503, 1012 and 1013: those who come while nobody is let in', async () => {
  expect(await latecomer(draining)).toBe(3001)
  expect(await latecomer(draining, 'event')).toBe(1012)
  expect(await latecomer(maintained)).toBe(4503)
  expect(await latecomer(maintained, 'event')).toBe(1013)
  expect(await latecomer(({ bridge }) => [bridge.api.maintain(true), bridge.api.maintain(false)])).toBeUndefined()
})

test('3507 and 1011: plain sockets', async () => {
  const { bridge, publish, clock } = await meet()
  const [stranger, broken] = [fakeTransport(), fakeTransport()]
  bridge.feed(stranger, someone('eve', new Set()), 'event')
  expect(stranger.ended?.code).toBe(3507)
  bridge.feed(broken, someone(), 'event')
  broken.send = failing
  publish('event', 1)
  clock.endTurn()
  expect(broken.ended?.code).toBe(1011)
})

test('a transport that fails costs nobody else a message', async () => {
  const { bridge, publish, clock, join, transport } = await meet()
  join('event')
  const broken = fakeTransport()
  const other = bridge.open(broken, someone())
  other.receive('{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"event"}}')
  broken.send = failing
  transport.take()
  publish('event', 1)
  clock.endTurn()
  expect(transport.takePublications()).toMatchObject([{ data: { v: 1 } }])
  expect(bridge.books().connections).toBe(1)
})

test('no code is missing here', () => {
  const shown = new Set(ways.map(([code]) => code))
  const plain = new Set([3001, 3507, 1011, 1012, 1013])
  const all = [...Object.values(closes), ...Object.values(errors), ...Object.values(unsubscribes), drain(0)]
  expect(all.map(({ code }) => code).filter((code) => !shown.has(code) && !plain.has(code))).toEqual([])
})

test('rights are looked at anew every so often, without anybody saying so', async () => {
  let good = true
  const { bridge, clock, join, transport } = await meet({
    settings: { recheckInterval: 4000, pongTimeout: 60_000 },
    ...knowing(same, (principal) => (good ? principal : undefined)),
  })
  join('event')
  clock.advance(9000)
  expect(transport.ended).toBeUndefined()
  good = false
  clock.advance(5000)
  expect(transport.ended?.code).toBe(3500)
  clock.advance(5000)
  expect(bridge.books()).toEqual({ connections: 0, subscriptions: 0, timers: 0, queues: 0 })
})
