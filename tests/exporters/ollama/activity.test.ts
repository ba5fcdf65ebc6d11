import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changes, createActivity, type Stay } from '../../../src/exporters/ollama/activity.ts'

const stay = (name: string, digest = 'd', contextLength: number | undefined = 4096): Stay => ({
  name,
  digest,
  contextLength,
})

const of = (names: readonly string[], name: string): number => names.filter((one) => one === name).length

const stays = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    digest: fc.constantFrom('1', '2'),
    contextLength: fc.constantFrom(undefined, 2048, 4096),
  }),
  { selector: ({ name, digest }) => name + digest },
)

describe('changes', () => {
  test('a model that comes is loaded, one that goes is unloaded', () => {
    expect(changes([stay('a')], [stay('b')])).toEqual({ loads: ['b'], unloads: ['a'] })
  })

  test('another digest or context length is a reload', () => {
    expect(changes([stay('a', '1')], [stay('a', '2')])).toEqual({ loads: ['a'], unloads: ['a'] })
    expect(changes([stay('a', '1', 2048)], [stay('a', '1', 8192)])).toEqual({ loads: ['a'], unloads: ['a'] })
  })

  test('loads less unloads is what memory gained, by model, for any two states', () => {
    fc.assert(
      fc.property(stays, stays, (before, after) => {
        const { loads, unloads } = changes(before, after)
        for (const name of ['a', 'b', 'c']) {
          const had = of(
            before.map((one) => one.name),
            name,
          )
          const has = of(
            after.map((one) => one.name),
            name,
          )
          expect(of(loads, name) - of(unloads, name)).toBe(has - had)
        }
      }),
    )
  })

  test('nothing changes between a state and itself', () => {
    fc.assert(
      fc.property(stays, (state) => {
        expect(changes(state, state)).toEqual({ loads: [], unloads: [] })
      }),
    )
  })
})

describe('the counters', () => {
  test('count from the second look on', () => {
    const activity = createActivity()
    activity.observe([stay('a')], 0, 1)
    expect(activity.counts.get('a')).toEqual({ loads: 0, unloads: 0 })
    activity.observe([], 2, 3)
    activity.observe([stay('a')], 4, 5)
    expect(activity.counts.get('a')).toEqual({ loads: 1, unloads: 1 })
  })

  test('an answer asked for before the last one came is not counted', () => {
    const activity = createActivity()
    activity.observe([stay('a')], 0, 1)
    activity.observe([], 2, 5)
    activity.observe([stay('a')], 3, 6)
    expect(activity.counts.get('a')).toEqual({ loads: 0, unloads: 1 })
  })

  test('never decrease, and agree with what is loaded, for any sequence of looks', () => {
    fc.assert(
      fc.property(fc.array(stays, { minLength: 1 }), (looks) => {
        const activity = createActivity()
        const atFirst = new Set(looks[0]?.map((one) => `${one.name}${one.digest}`))
        let before = new Map<string, { loads: number; unloads: number }>()
        looks.forEach((look, i) => {
          activity.observe(look, 2 * i, 2 * i + 1)
          for (const [name, count] of activity.counts) {
            expect(count.loads).toBeGreaterThanOrEqual(before.get(name)?.loads ?? 0)
            expect(count.unloads).toBeGreaterThanOrEqual(before.get(name)?.unloads ?? 0)
            const started = [...atFirst].filter((key) => key.startsWith(name)).length
            const now = look.filter((one) => one.name === name).length
            expect(started + count.loads - count.unloads).toBe(now)
          }
          before = new Map([...activity.counts].map(([name, count]) => [name, { ...count }]))
        })
      }),
    )
  })
})
