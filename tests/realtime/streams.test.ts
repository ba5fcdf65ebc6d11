import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinAppends } from '../../src/realtime/appends.ts'
import { toMessage } from '../../src/realtime/message.ts'
import type { Payload } from '../../src/realtime/types.ts'
import { fakeBridge } from '../support/realtime-fakes.ts'

type World = Awaited<ReturnType<typeof fakeBridge>>

const resume = ({ bridge }: World) => {
  const { epoch } = bridge.hub.history('stream').position
  return bridge.hub.history('stream', { epoch, offset: 0 })
}

test('a stream is kept whole while it goes on, however long it pauses, and a minute after its end', async () => {
  const world = await fakeBridge()
  const { bridge, clock } = world
  bridge.api.publish('stream', 'a', 's')
  clock.advance(10 * 60_000)
  bridge.api.publish('stream', 'b', 's', true)
  clock.advance(59_000)
  expect(resume(world)).toMatchObject({ recovered: true, publications: [{ offset: 1 }, { offset: 2 }] })
  expect(JSON.parse(resume(world).publications[1]?.json ?? '')).toMatchObject({
    k: 'append',
    s: 's',
    v: 'b',
    end: true,
  })
  clock.advance(2000)
  expect(resume(world)).toMatchObject({ recovered: false, publications: [] })
})

test('a stream that never says that it ended does not stay for ever', async () => {
  const world = await fakeBridge()
  world.publish('stream', 'a', 's')
  world.clock.advance(61 * 60_000)
  expect(resume(world).recovered).toBe(false)
})

test('for a reader that lags the pieces of a stream are joined, and it loses none of them', async () => {
  const { clock, join, publish, bridge } = await fakeBridge()
  const { transport } = join('stream')
  transport.buffered = 1e6
  const pieces = Array.from({ length: 20_000 }, (_, n) => `t${n} `)
  for (const piece of pieces) publish('stream', piece, 's')
  bridge.api.publish('stream', 'end', 's', true)
  // Each alone would be 2 MB of envelopes.
  expect(transport.ended).toBeUndefined()
  expect(bridge.api.connections()[0]?.queue.bytes).toBeLessThan(1.3e6)
  transport.buffered = 0
  clock.advance(1000)
  const came = transport.takePublications()
  expect(came.length).toBeLessThan(1000)
  expect(came.map(({ data }) => data.v).join('')).toBe(`${pieces.join('')}end`)
  expect(came.reduce((sum, { data }) => sum + (data.n ?? 1), 0)).toBe(20_001)
  expect(came.at(-1)).toMatchObject({ offset: 20_001, data: { end: true } })
})

const piece = fc.record({
  key: fc.constantFrom('a', 'b'),
  v: fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.integer()), fc.integer()),
  last: fc.boolean(),
})

test('joining keeps order, values, ends and the number of pieces, whatever they are', () => {
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const messages = pieces.map(({ key, v, last }, i) => {
        const json = JSON.stringify({ k: 'append', s: key, ts: i, v, ...(last && { end: true }) })
        return toMessage('t', 'stream', { offset: i + 1, json, key, ...(last && { last }) }, i)
      })
      const once = joinAppends(messages)
      for (const result of [once, joinAppends(once)]) {
        const payloads = result.map(({ json }) => JSON.parse(json) as Payload)
        expect(payloads.reduce((sum, { n = 1 }) => sum + n, 0)).toBe(pieces.length)
        expect(payloads.filter(({ end }) => end)).toHaveLength(pieces.filter(({ last }) => last).length)
        const offsets = result.map(({ offset }) => offset)
        expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
        for (const key of ['a', 'b']) {
          const before = pieces.filter((each) => each.key === key)
          expect(parts(payloads.filter(({ s }) => s === key))).toEqual(parts(before))
        }
      }
    }),
  )
})

/** Every unit of text and every element, in order. */
const parts = (pieces: readonly { readonly v?: unknown }[]): unknown[] =>
  pieces.flatMap(({ v }) => (typeof v === 'string' ? v.split('') : v))
