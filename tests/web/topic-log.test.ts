import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Payload } from '../../src/realtime/types.ts'
import { createTopicLog } from '../../web/src/realtime/topic-log.ts'

const delta = (s: string, v: unknown, ts = 1): Payload => ({ k: 'delta', s, v, ts })
const snap = (v: unknown, ts = 1): Payload => ({ k: 'snap', v, ts })

function logAt(offset: number, value: Record<string, unknown>) {
  const log = createTopicLog()
  log.subscribed({ epoch: 'a', offset })
  log.accept(snap(value), offset)
  return log
}

it('knows nothing until its first snapshot', () => {
  expect(createTopicLog().state()).toEqual({ value: undefined, ts: undefined, skipped: 0 })
})

it('takes a snapshot, then changes key by key', () => {
  const log = logAt(5, { cpu: 1, load: 2 })
  expect(log.accept(delta('cpu', 7, 9), 6)).toBe(true)
  expect(log.state()).toMatchObject({ value: { cpu: 7, load: 2 }, ts: 9 })
  expect(log.position()).toEqual({ epoch: 'a', offset: 6 })
})

it('drops a key that is gone', () => {
  const log = logAt(5, { cpu: 1, load: 2 })
  log.accept({ k: 'delta', s: 'load', ts: 2 }, 6)
  log.accept(delta('cpu', null), 7)
  expect(log.state().value).toEqual({})
})

it('leaves out what a snapshot contained already', () => {
  const log = logAt(5, { cpu: 1 })
  expect(log.accept(delta('cpu', 0), 5)).toBe(false)
  expect(log.accept(snap({ cpu: -1 }), 4)).toBe(false)
  expect(log.state().value).toEqual({ cpu: 1 })
})

it('takes an older value of one key after a newer one of another: conflation reorders keys', () => {
  const log = logAt(5, {})
  log.accept(delta('cpu', 'new'), 9)
  expect(log.accept(delta('load', 'newest of its key'), 7)).toBe(true)
  expect(log.accept(delta('cpu', 'old'), 8)).toBe(false)
  expect(log.state().value).toEqual({ cpu: 'new', load: 'newest of its key' })
  expect(log.position()?.offset).toBe(9)
})

it('counts what the server skipped', () => {
  const log = logAt(5, {})
  log.accept({ k: 'gap', ts: 1, n: 3 }, undefined)
  log.accept({ k: 'gap', ts: 1, n: 4 }, undefined)
  expect(log.state().skipped).toBe(7)
})

it('begins anew with another epoch', () => {
  const log = logAt(500, { cpu: 1 })
  log.subscribed({ epoch: 'b', offset: 2 })
  expect(log.accept(snap({ cpu: 2 }), 2)).toBe(true)
  expect(log.state().value).toEqual({ cpu: 2 })
  expect(log.position()).toEqual({ epoch: 'b', offset: 2 })
})

it('says why there is nothing, and forgets it once it is let in', () => {
  const log = logAt(1, { cpu: 1 })
  log.turnAway(103)
  expect(log.state()).toMatchObject({ value: undefined, problem: 'denied' })
  log.turnAway(102)
  expect(log.state().problem).toBe('unavailable')
  log.subscribed({ epoch: 'a', offset: 1 })
  expect(log.state().problem).toBeUndefined()
})

it.each([undefined, null, 7, 'snap', {}, { k: 'snap' }, { k: 'snap', ts: 1, v: [] }, { k: 'snap', ts: 1 }])(
  'is not troubled by %j',
  (nonsense) => {
    const log = logAt(1, { cpu: 1 })
    expect(log.accept(nonsense, 9)).toBe(false)
    expect(log.state().value).toEqual({ cpu: 1 })
    expect(log.position()?.offset).toBe(1)
  },
)

it('property: after any cuts and repeats every key has its last value', () => {
  const published = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer()), { minLength: 1, maxLength: 40 })
  const replays = fc.array(fc.nat({ max: 39 }), { maxLength: 6 })
  fc.assert(
    fc.property(published, replays, (values, from) => {
      const log = createTopicLog()
      const send = (start: number): void =>
        values.slice(start).forEach(([key, value], index) => log.accept(delta(key, value), start + index + 1))
      log.subscribed({ epoch: 'e', offset: 0 })
      log.accept(snap({}), undefined)
      send(0)
      for (const start of from) send(start)
      expect(log.state().value).toEqual(Object.fromEntries(values))
    }),
  )
})

it('a key that is null in a snapshot is gone, as in a delta', () => {
  const log = createTopicLog()
  log.accept({ k: 'snap', ts: 1, v: { reason: null, alerts: [] } }, 1)
  expect(log.state().value).toEqual({ alerts: [] })
})
