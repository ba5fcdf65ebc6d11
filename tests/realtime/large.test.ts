import { expect, test } from 'vitest'
import { fakeBridge, fakeTransport } from '../support/realtime-fakes.ts'
import { someone } from '../support/realtime.ts'

const longest = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length))

/** Offsets of the publications, in order. */
const offsets = (text: string): number[] =>
  [...text.matchAll(/"offset":(\d+),"data"/g)].map(([, offset]) => Number(offset))

/** Subscribes by hand and returns what came, unparsed. */
async function subscribe(
  channel: string,
  publish: (bridge: Awaited<ReturnType<typeof fakeBridge>>) => void,
  since?: number,
) {
  const it = await fakeBridge()
  publish(it)
  const { epoch } = it.bridge.hub.history(channel).position
  const recover = since === undefined ? {} : { recover: true, epoch, offset: since }
  const transport = fakeTransport()
  const session = it.bridge.open(transport, someone())
  session.receive('{"id":1,"connect":{}}')
  session.receive(JSON.stringify({ id: 2, subscribe: { channel, ...recover } }))
  it.clock.advance(200)
  return transport
}

test('a snapshot too large for a frame comes key by key after an empty one, and no frame is over 256 KiB', async () => {
  const transport = await subscribe('state', ({ publish }) => {
    for (let n = 1; n <= 5; n++) publish('state', 'x'.repeat(100_000), `k${n}`)
  })
  expect(longest(transport.sent)).toBeLessThan(256 * 1024)
  const text = transport.sent.join('\n')
  // Until a key has come the client must not believe that it has any.
  expect(text).toContain('"offset":0,"publications":[{"data":{"k":"snap","ts":1700000000000,"v":{}}},')
  expect(offsets(text)).toEqual([1, 2, 3, 4, 5])
})

test('a resume too large for a frame goes on in pushes, from where the client was', async () => {
  const transport = await subscribe(
    'event',
    ({ publish }) => {
      for (let n = 1; n <= 5; n++) publish('event', 'x'.repeat(100_000))
    },
    1,
  )
  expect(longest(transport.sent)).toBeLessThan(256 * 1024)
  const text = transport.sent.join('\n')
  expect(text).toContain('"offset":1,"was_recovering":true,"recovered":true')
  expect(offsets(text)).toEqual([2, 3, 4, 5])
})

test('more than 512 KiB is not resumed', async () => {
  const transport = await subscribe(
    'event',
    ({ publish }) => {
      for (let n = 1; n <= 7; n++) publish('event', 'x'.repeat(100_000))
    },
    1,
  )
  expect(transport.sent.join('\n')).toContain('"offset":7,"was_recovering":true,"recovered":false')
})

test('a message that no frame can carry is refused where it is published', async () => {
  const { publish } = await fakeBridge()
  expect(() => publish('event', 'x'.repeat(300_000))).toThrow(RangeError)
  expect(() => publish('nowhere', 1)).toThrow('no topic nowhere was declared')
})
