import { expect, test } from 'vitest'
import { UnavailableError } from '../../../src/errors.ts'
import { createBeside } from '../../../src/features/lib/beside.ts'
import { failingOf, reasonOf } from '../../../src/features/lib/failing.ts'
import { createLive } from '../../../src/features/lib/live.ts'
import { createSince } from '../../../src/features/lib/since.ts'
import { memoryPublisher, standingClock } from '../support.ts'

test('only keys whose JSON changed are published; a key that is gone is published as null', async () => {
  const states = [{ a: 1, b: { c: [1] } }, { a: 1, b: { c: [2] } }, { a: 1 }, { a: 1 }]
  const live = createLive<object>(
    't',
    async () => states.shift() as object,
    () => 0,
  )
  const publisher = memoryPublisher()
  const told: unknown[] = []
  while (states.length > 0) {
    await live.tick(publisher)
    told.push(publisher.published.splice(0).map(({ key, value }) => [key, value]))
  }
  expect(told).toEqual([
    [
      ['a', 1],
      ['b', { c: [1] }],
    ],
    [['b', { c: [2] }]],
    [['b', null]],
    [],
  ])
})

test('REST and topic share one reading in flight, and one that is young enough', async () => {
  const clock = standingClock()
  let reads = 0
  const read = async () => ({ reads: ++reads })
  const live = createLive('t', read, clock.monotonic)
  const publisher = memoryPublisher()
  const [first, second] = await Promise.all([live.state(1000), live.state(1000), live.tick(publisher)])
  expect([first, second, publisher.state('t')]).toEqual([{ reads: 1 }, { reads: 1 }, { reads: 1 }])
  clock.pass(999)
  expect(await live.state(1000)).toEqual({ reads: 1 })
  clock.pass(1)
  expect(await live.state(1000)).toEqual({ reads: 2 })
})

test('a reading that fails is not kept, and the next one is a new one', async () => {
  let fail = true
  const live = createLive(
    't',
    async () => {
      if (fail) throw new Error('no')
      return { ok: true }
    },
    () => 0,
  )
  await expect(live.state(1000)).rejects.toThrow('no')
  fail = false
  expect(await live.state(1000)).toEqual({ ok: true })
})

test('a slow source is not waited for: what was last known is used until it answers', async () => {
  const clock = standingClock()
  const answers: ((value: number) => void)[] = []
  const take = (): Promise<ReadonlyMap<string, unknown>> =>
    new Promise((resolve) => answers.push((value) => resolve(new Map([['slow', value]]))))
  const options = { every: 1000, deadline: 1, patience: 20, monotonic: clock.monotonic }
  const beside = createBeside(take, ['slow'], options)
  expect((await beside()).readings.size).toBe(0)
  expect(answers).toHaveLength(1)
  answers[0]?.(1)
  expect((await beside()).readings.get('slow')).toBe(1)
  clock.pass(1000)
  expect((await beside()).readings.get('slow')).toBe(1)
  expect((await beside()).readings.get('slow')).toBe(1)
  expect(answers).toHaveLength(2)
  answers[1]?.(2)
  expect((await beside()).readings.get('slow')).toBe(2)
  expect(answers).toHaveLength(2)
})

test('since when: the time of the last change', () => {
  const since = createSince()
  expect([since(false, 1), since(false, 2), since(true, 3), since(true, 4), since(false, 5)]).toEqual([1, 1, 3, 3, 5])
})

test('a source that is not there does not fail; a reason is one short line', () => {
  const failures = new Map<string, unknown>([
    ['hwmon', new UnavailableError('none here')],
    ['netdev', new Error('first\nsecond')],
  ])
  expect(failingOf(failures)).toEqual({ netdev: 'first' })
  expect(reasonOf('x'.repeat(1000)).length).toBeLessThanOrEqual(200)
})
