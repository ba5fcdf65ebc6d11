import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseProcess, type Process } from '../../../src/exporters/postgres/activity.ts'
import { chainsOf } from '../../../src/exporters/postgres/collectors/blocking.ts'
import { openTransactions } from '../../../src/exporters/postgres/collectors/long-running-transactions.ts'
import { idleTimes } from '../../../src/exporters/postgres/collectors/process-idle.ts'
import { autovacuums } from '../../../src/exporters/postgres/collectors/stat-activity-autovacuum.ts'
import { groupActivity } from '../../../src/exporters/postgres/collectors/stat-activity.ts'

const nobody = parseProcess([
  '1',
  'aura',
  'me',
  'app',
  'client backend',
  'idle',
  null,
  null,
  null,
  '7',
  null,
  null,
  null,
  null,
])
const process = (changes: Partial<Process>): Process => ({ ...nobody, ...changes })
const waiting = (pid: string, blockedBy: string[], lockWait: number): Process => process({ pid, blockedBy, lockWait })

const at = (transactionStart: number): Process =>
  process({ autovacuum: 'autovacuum: VACUUM public.t', transactionStart })

describe('who blocks whom', () => {
  test('a chain has one root, its length, and the longest wait first', () => {
    const { pairs, ...sums } = chainsOf([process({ pid: '1' }), waiting('2', ['1'], 5), waiting('3', ['2'], 9)], 10)
    expect(sums).toEqual({ blocked: 2, roots: 1, depth: 2, oldest: 9, hidden: 0 })
    expect(pairs.map(({ blocked, blockingPid, root }) => [blocked.pid, blockingPid, root])).toEqual([
      ['3', '2', '1'],
      ['2', '1', '1'],
    ])
  })

  test('a prepared transaction blocks without a process; pairs beyond the limit are counted', () => {
    const { pairs, hidden, roots } = chainsOf([waiting('2', ['0'], 5), waiting('3', ['0'], 4)], 1)
    expect(pairs.map(({ blocked, blocking }) => [blocked.pid, blocking])).toEqual([['2', undefined]])
    expect([hidden, roots]).toEqual([1, 1])
  })

  test('any graph, cycles included, ends', () => {
    const pid = fc.nat(8).map(String)
    const graph = fc.uniqueArray(fc.record({ pid, blockedBy: fc.uniqueArray(pid, { maxLength: 3 }) }), {
      selector: (node) => node.pid,
    })
    fc.assert(
      fc.property(graph, fc.nat(5), (nodes, limit) => {
        const blocking = chainsOf(
          nodes.map((node) => process({ ...node, lockWait: 1 })),
          limit,
        )
        const total = nodes.reduce((sum, { blockedBy }) => sum + blockedBy.length, 0)
        expect(blocking.pairs.length + blocking.hidden).toBe(total)
        expect(blocking.pairs.length).toBeLessThanOrEqual(limit)
        expect(blocking.depth).toBeLessThanOrEqual(nodes.length)
      }),
    )
  })
})

test('every database and state has a group; sessions of unknown databases and states have none', () => {
  const { groups } = groupActivity(
    ['aura', 'empty'],
    [process({}), process({ transactionAge: 3 }), process({ database: '' }), process({ state: '' })],
    [],
  )
  expect(groups).toHaveLength(12)
  expect(groups.filter(({ count }) => count > 0)).toEqual([{ labels: ['aura', 'idle'], count: 2, duration: 3 }])
})

test('labels that are asked for split the groups', () => {
  const { groups } = groupActivity(['aura'], [process({}), process({ user: 'you' })], ['usename'])
  expect(groups.filter(({ count }) => count > 0).map(({ labels }) => labels)).toEqual([
    ['aura', 'idle', 'me'],
    ['aura', 'idle', 'you'],
  ])
  expect(groups).toHaveLength(7)
})

test('an open transaction counts whatever its state; autovacuum does not', () => {
  const open = process({ state: 'idle in transaction', transactionAge: 60 })
  const vacuum = process({ state: 'active', transactionAge: 900, autovacuum: 'autovacuum: VACUUM public.t' })
  expect(openTransactions([nobody, open, vacuum])).toEqual({ count: 1, oldest: 60 })
})

test('the oldest autovacuum of a table speaks for it', () => {
  expect([...autovacuums([at(20), at(10), nobody])]).toEqual([['t', 10]])
})

test('idle sessions fall into all buckets that hold them; applications beyond twenty share one', () => {
  expect(idleTimes([process({ stateAge: 7.5 }), process({ stateAge: 1 }), process({ state: 'active' })])).toEqual([
    { state: 'idle', application: 'app', buckets: [1, 1, 1, 2, 2, 2, 2, 2, 2], sum: 8, count: 2 },
  ])
  const many = Array.from({ length: 30 }, (_, i) => process({ application: `app ${i}` }))
  const groups = idleTimes(many)
  expect(groups).toHaveLength(21)
  expect(groups.find(({ application }) => application === 'other')?.count).toBe(10)
})
