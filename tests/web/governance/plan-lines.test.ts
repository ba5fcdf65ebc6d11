import { array, assert, constantFrom, property } from 'fast-check'
import { expect, it } from 'vitest'
import { changeLines, diffLines, planSummary } from '../../../web/src/features/governance/code/plan-lines.ts'

const sides = (lines: ReturnType<typeof diffLines>) => ({
  before: lines.filter(({ kind }) => kind !== 'added').map(({ text }) => text),
  after: lines.filter(({ kind }) => kind !== 'removed').map(({ text }) => text),
})

it('is always a way from the one to the other', () => {
  const words = array(constantFrom('a', 'b', 'c', 'd'), { maxLength: 20 })
  assert(
    property(words, words, (before, after) => {
      expect(sides(diffLines(before, after))).toEqual({ before, after })
    }),
  )
})

it('keeps what is the same, and tells what is removed before what is added', () => {
  expect(diffLines(['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual([
    { kind: 'same', text: 'a' },
    { kind: 'removed', text: 'b' },
    { kind: 'added', text: 'x' },
    { kind: 'same', text: 'c' },
  ])
})

it('gives up comparing what is very long, and still says all of it', () => {
  const before = Array.from({ length: 700 }, (_, index) => `${index}`)
  expect(diffLines(before, ['x'])).toHaveLength(701)
})

it('shows a creation as added and a deletion as removed', () => {
  const created = changeLines({ op: 'create', kind: 'role', id: 'watch', after: { trust: 10 } })
  expect(created.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['added {', 'added   "trust": 10', 'added }'])
  const deleted = changeLines({ op: 'delete', kind: 'role', id: 'watch', before: { trust: 10 } })
  expect(new Set(deleted.map(({ kind }) => kind))).toEqual(new Set(['removed']))
})

it('sums a plan up', () => {
  const changes = (['create', 'create', 'update'] as const).map((op) => ({ op, kind: 'role', id: op }))
  expect(planSummary(changes)).toBe('2 to create, 1 to change, none to delete')
})
