import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { kindNames, kinds, type Column } from '../../../src/exporters/postgres/databases/columns.ts'
import { matcher, parseDiscovery } from '../../../src/exporters/postgres/databases/discovery.ts'
import { renamed, unreached, visited, type Held } from '../../../src/exporters/postgres/databases/held.ts'
import { assemble, emptyMemory, type Memory } from '../../../src/exporters/postgres/databases/snapshot.ts'
import { choose, nothingShown } from '../../../src/exporters/postgres/databases/sticky.ts'
import { watchNames } from '../../../src/exporters/postgres/databases/watch.ts'
import type { Member, Section } from '../../../src/exporters/postgres/databases/visit.ts'

const none = { closed: 0, template: 0, privilege: 0, excluded: 0, limit: 0 }
const options = { seriesBudget: 4900, olderNames: false, maxAge: 300_000, advance: true }
const empty = (kind: (typeof kindNames)[number]): Section => section(kind, [])

/** A section whose totals are the sums of its members and of what is not offered for choice. */
function section(kind: (typeof kindNames)[number], members: Member[], hidden: Member[] = []): Section {
  const all = [...members, ...hidden]
  const total = new Float64Array(kinds[kind].length)
  for (const { values } of all) values.forEach((value, i) => (total[i] = (total[i] as number) + value))
  const sum = (pick: (member: Member) => number): number => all.reduce((so, member) => so + pick(member), 0)
  return {
    members,
    count: all.length,
    size: sum((m) => m.size),
    activity: sum((m) => m.activity),
    total,
    extras: [0, 0],
  }
}

/** More than any watch list shows. */
const watched = Array.from({ length: 12 }, (_, id) => ({ id, names: ['public', `w${id}`], value: id }))

function held(oid: number, members: Member[], hidden: Member[] = [], at = 0): Held {
  const database = { oid: String(oid), name: `db${oid}` }
  const part = {
    kinds: { tables: section('tables', members, hidden), indexes: empty('indexes'), functions: empty('functions') },
    watch: Object.fromEntries(watchNames.map((name) => [name, watched])),
    unreadableSequences: 0,
    errors: [],
  }
  return visited(renamed(undefined, database), part, at)
}

const member = (id: number, size: number, activity = size): Member => ({
  id,
  names: ['public', `t${id}`],
  size,
  activity,
  values: new Float64Array(kinds.tables.length).fill(size),
})

const sizes = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 60 })
const servers = fc.array(fc.record({ shown: sizes, hidden: sizes }), { minLength: 1, maxLength: 60 })
const build = (server: { shown: number[]; hidden: number[] }[], at = 0): Held[] =>
  server.map(({ shown, hidden }, oid) =>
    held(
      oid + 1,
      shown.map((size, id) => member(id, size)),
      hidden.map((size, id) => member(1000 + id, size)),
      at,
    ),
  )

const gaugeAt = kinds.tables.findIndex((column: Column) => column.sum === 'gauge')
const counterAt = kinds.tables.findIndex((column: Column) => column.sum === 'counter')

test('what is published of tables never exceeds the budget, whatever the databases hold', () => {
  fc.assert(
    fc.property(servers, fc.integer({ min: 500, max: 20_000 }), fc.boolean(), (server, seriesBudget, olderNames) => {
      const all = build(server.slice(0, 20))
      const { snapshot } = assemble(all, none, emptyMemory(), 0, { ...options, seriesBudget, olderNames })
      expect(snapshot.series).toBeLessThanOrEqual(snapshot.budget)
    }),
  )
})

test('what is published of tables adds up to what the databases hold', () => {
  fc.assert(
    fc.property(servers, (server) => {
      const all = build(server)
      const { rows } = assemble(all, none, emptyMemory(), 0, options).snapshot.kinds.tables
      const expected = server.flatMap(({ shown, hidden }) => [...shown, ...hidden]).reduce((sum, size) => sum + size, 0)
      for (const i of [gaugeAt, counterAt]) {
        expect(rows.reduce((sum, { values }) => sum + (values[i] as number), 0)).toBe(expected)
      }
    }),
  )
})

test('what is published of tables stays the same while the databases do', () => {
  fc.assert(
    fc.property(servers, (server) => {
      const all = build(server)
      const first = assemble(all, none, emptyMemory(), 0, options)
      const second = assemble(all, none, first.memory, 0, options)
      expect(second.snapshot.kinds).toEqual(first.snapshot.kinds)
    }),
  )
})

test('what is published of tables counts every increase exactly once, and no counter falls, whoever gets a row of its own', () => {
  const growths = fc.array(fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 40, maxLength: 40 }), {
    minLength: 2,
    maxLength: 30,
  })
  fc.assert(
    fc.property(growths, (rounds) => {
      const sums = new Map<string, number>()
      const counters = Array.from({ length: 40 }, () => 0)
      let memory: Memory = emptyMemory()
      let increase = 0
      let expected = 0
      for (const [round, growth] of rounds.entries()) {
        growth.forEach((by, id) => (counters[id] = (counters[id] as number) + by))
        if (round > 0) expected += growth.reduce((sum, by) => sum + by, 0)
        const members = counters.map((size, id) => member(id, size))
        const result = assemble([held(1, members)], none, memory, 0, { ...options, seriesBudget: 1700 })
        memory = result.memory
        const now = new Map(
          result.snapshot.kinds.tables.rows.map(({ labels, values }) => [
            labels.join('/'),
            values[counterAt] as number,
          ]),
        )
        for (const [key, value] of now) {
          const before = sums.get(key)
          if (before === undefined) {
            // A row that begins here brings nothing yet; what it grew by in this round is in `other`.
            continue
          }
          expect(value).toBeGreaterThanOrEqual(before)
          increase += value - before
        }
        sums.clear()
        for (const [key, value] of now) sums.set(key, value)
      }
      expect(increase).toBe(expected)
    }),
  )
})

test('slow drift of tables brings at most five new series per round', () => {
  // Each grows or shrinks at a pace of its own, so that in the end the order has little to do with that of the start.
  const paces = fc.array(fc.double({ min: 0.97, max: 1.03, noNaN: true }), { minLength: 60, maxLength: 60 })
  fc.assert(
    fc.property(paces, (pace) => {
      let memory: Memory = emptyMemory()
      let known = new Set<string>()
      let fresh = 0
      for (let round = 0; round < 100; round++) {
        const members = pace.map((by, id) => member(id, 1000 * by ** round))
        const result = assemble([held(1, members)], none, memory, 0, { ...options, seriesBudget: 1900 })
        memory = result.memory
        const now = new Set(result.snapshot.kinds.tables.rows.map(({ labels }) => labels.join('/')))
        if (round > 0) fresh += [...now].filter((key) => !known.has(key)).length * kinds.tables.length
        expect(fresh).toBeLessThanOrEqual(5 * round)
        known = now
      }
    }),
    { numRuns: 30 },
  )
})

test('what is published of tables vanishes when it is too old', () => {
  const all = [held(1, [member(1, 5)], [], 0), held(2, [member(1, 5)], [], 200_000)]
  const at = (now: number): string[] =>
    assemble(all, none, emptyMemory(), now, options).snapshot.kinds.tables.rows.map(({ labels }) => labels[0] as string)
  expect(at(300_000)).toEqual(['db1', 'db2'])
  expect(at(300_001)).toEqual(['db2'])
  expect(at(500_001)).toEqual([])
})

const candidates = (...scores: number[]) => scores.map((score, i) => ({ key: `k${i}`, score }))

describe('the choice of a few', () => {
  const limits = { capacity: 2, cost: 10, allowance: 5 }

  test('a slightly better newcomer does not displace anyone, a clearly better one does when an exchange is due', () => {
    let choice = choose(candidates(10, 9, 1), nothingShown, limits)
    choice = choose(candidates(10, 9, 11), choice, limits)
    choice = choose(candidates(10, 9, 11), choice, limits)
    expect([...choice.shown].toSorted()).toEqual(['k0', 'k1'])
    choice = choose(candidates(10, 9, 20), choice, limits)
    expect([...choice.shown].toSorted()).toEqual(['k0', 'k2'])
    choice = choose(candidates(10, 90, 20), choice, limits)
    expect([...choice.shown].toSorted()).toEqual(['k0', 'k2'])
    choice = choose(candidates(10, 90, 20), choice, limits)
    expect([...choice.shown].toSorted()).toEqual(['k1', 'k2'])
  })

  test('room left by one that is gone is filled at once', () => {
    const choice = choose(candidates(10, 9, 1), nothingShown, limits)
    const next = choose(candidates(10, 9, 1).slice(1), choice, { ...limits, allowance: 0 })
    expect([...next.shown].toSorted()).toEqual(['k1', 'k2'])
  })
})

describe('which databases are visited', () => {
  const rows = [
    ['1', 'app', null],
    ['2', 'app_test', null],
    ['3', 'template1', 'template'],
    ['4', 'secret', 'privilege'],
    ['5', 'a.b', null],
  ]
  const all = { include: [], exclude: [], visitable: (n: number) => n }
  const names = (choosing: Partial<typeof all>): string[] =>
    parseDiscovery(rows, { ...all, ...choosing }).databases.map(({ name }) => name)

  test('those that can be, unless the configuration says otherwise', () => {
    expect(names({})).toEqual(['app', 'app_test', 'a.b'])
    expect(names({ include: ['app*'] as never })).toEqual(['app', 'app_test'])
    expect(names({ exclude: ['*_test'] as never })).toEqual(['app', 'a.b'])
    expect(names({ visitable: () => 1 })).toEqual(['app'])
    const { skipped } = parseDiscovery(rows, { ...all, exclude: ['a.*'], visitable: () => 1 })
    expect(skipped).toEqual({ closed: 0, template: 1, privilege: 1, excluded: 1, limit: 1 })
  })

  test('a pattern means itself but for the star', () => {
    expect(matcher(['a.b'])('axb')).toBe(false)
    expect(matcher(['a.b'])('a.b')).toBe(true)
    expect(matcher([])('a')).toBe(false)
  })
})

test('a database without a connection is tried ever more rarely', () => {
  let one = held(1, [])
  const waits = [1, 2, 3, 4, 5, 6].map(() => {
    one = unreached(one, new Error('no'), 0, 60)
    return one.retryAt
  })
  expect(waits).toEqual([0, 60, 180, 420, 900, 900])
})
