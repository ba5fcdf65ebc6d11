import { describe, expect, test } from 'vitest'
import { networkOf, sourceOf } from '../../../src/audit/alerts/network.ts'
import { createRules } from '../../../src/audit/alerts/rules.ts'
import type { Observed } from '../../../src/audit/alerts/types.ts'

const minute = 60_000
let seq = 0
const row = (more: Partial<Observed>): Observed => ({
  seq: ++seq,
  ts: 1_000_000_000,
  actor: { id: 'u1', ip: '192.0.2.1' },
  action: 'session.create',
  decision: 'allow',
  prevHash: '',
  hash: '',
  newDevice: false,
  firstApproval: false,
  ...more,
})
const failed = (more: Partial<Observed> = {}): Observed =>
  row({ action: 'session.refuse', object: 'user:u1', decision: 'deny', ...more })
const unknown = (ip: string): Observed =>
  row({ action: 'session.refuse', decision: 'deny', actor: { id: 'unknown', ip } })
const denied = (more: Partial<Observed> = {}) => row({ action: 'access.deny', decision: 'deny', ...more })
const begun = (more: Partial<Observed> = {}) => row({ action: 'audit.export', ...more })
const ended = (rows: number) => row({ action: 'audit.export', decision: 'none', after: { rows } })

/** Names of the rules that find something in these rows. */
function found(rows: readonly Observed[]): string[] {
  const rules = createRules()
  return [...new Set(rows.flatMap((one) => rules(one)).map(({ rule }) => rule))]
}
const times = (n: number, of: (i: number) => Observed): Observed[] => Array.from({ length: n }, (_, i) => of(i))

describe('failed sign-ins', () => {
  test('of one account: the fifth within ten minutes, also while confirming or changing the password', () => {
    expect(found(times(4, () => failed()))).toEqual([])
    expect(found(times(5, (i) => failed({ actor: { id: 'u1', ip: `192.0.2.${i}` } })))).toEqual(['failed-sign-ins'])
    const kinds = ['session.refuse', 'session.confirm', 'password.change', 'session.refuse', 'session.refuse']
    expect(found(kinds.map((action) => failed({ action })))).toEqual(['failed-sign-ins'])
  })
  test('of one account: not when they are far apart, nor of several accounts', () => {
    expect(found(times(20, (i) => failed({ ts: i * 3 * minute })))).toEqual([])
    expect(found(times(19, (i) => failed({ object: `user:${i}` })))).toEqual([])
  })
  test('from one address, whatever names are tried; of IPv6 from one network', () => {
    expect(found(times(19, () => unknown('192.0.2.7')))).toEqual([])
    expect(found(times(20, () => unknown('192.0.2.7')))).toEqual(['failed-sign-ins-address'])
    expect(found(times(30, (i) => unknown(`192.0.2.${i}`)))).toEqual([])
    expect(found(times(20, (i) => unknown(`2001:db8:0:1::${i}`)))).toEqual(['failed-sign-ins-address'])
    expect(found(times(20, (i) => unknown(`2001:db8:0:${i}::1`)))).toEqual([])
  })
  test('a summary never holds an address', () => {
    const rules = createRules()
    const summaries = times(40, () => failed())
      .flatMap((one) => rules(one))
      .map(({ summary }) => summary)
    expect(summaries.length).toBeGreaterThan(20)
    expect(summaries.filter((text) => text.includes('192.0.2'))).toEqual([])
  })
  test('each further one adds to the same; after a quiet while it begins anew', () => {
    const rules = createRules()
    const counts = (rows: Observed[]) => rows.map((one) => rules(one).map(({ count, seqs }) => [count, seqs.length]))
    expect(counts(times(7, () => failed()))).toEqual([[], [], [], [], [[5, 5]], [[1, 1]], [[1, 1]]])
    expect(counts(times(4, () => failed({ ts: 2_000_000_000 })))).toEqual([[], [], [], []])
  })
})

describe('refusals', () => {
  test('ten of one actor within five minutes, those that were only counted too', () => {
    expect(found(times(9, () => denied()))).toEqual([])
    expect(found(times(10, () => denied()))).toEqual(['denied-burst'])
    expect(found([denied({ after: { alsoRefused: 9 } })])).toEqual(['denied-burst'])
  })
  test('not of many actors, not slowly, and not who refuses requests of others', () => {
    expect(found(times(50, (i) => denied({ actor: { id: `u${i}` } })))).toEqual([])
    expect(found(times(50, (i) => denied({ ts: i * minute })))).toEqual([])
    expect(found(times(50, () => denied({ action: 'approval.refuse' })))).toEqual([])
  })
})

test('roles and separations that change, but not what Aura ships', () => {
  for (const action of ['role.create', 'role.update', 'role.delete', 'separation.create', 'separation.delete']) {
    expect(found([row({ action, object: 'role:x' })])).toEqual(['rights-changed'])
    expect(found([row({ action, object: 'role:x', actor: { id: 'setup' } })])).toEqual([])
    expect(found([row({ action, object: 'role:x', decision: 'deny' })])).toEqual([])
  }
  expect(found([row({ action: 'role.unassign', before: { role: 'owner' } }), row({ action: 'group.update' })])).toEqual(
    [],
  )
})

test('a new owner is critical, the first one is not; other roles are no alert', () => {
  const assign = (role: string, id: string) =>
    createRules()(row({ action: 'role.assign', object: 'user:u2', actor: { id }, after: { role } }))
  expect(assign('owner', 'u1')).toMatchObject([{ rule: 'new-owner', severity: 'critical', key: 'user:u2' }])
  expect(assign('owner', 'setup')).toMatchObject([{ rule: 'new-owner', severity: 'info' }])
  expect(assign('administrator', 'u1')).toEqual([])
  expect(found([row({ action: 'role.assign', after: { role: 'owner' }, decision: 'deny' })])).toEqual([])
})

test('a token that is made, a new approver, a new device', () => {
  expect(found([row({ action: 'token.create' })])).toEqual(['token-created'])
  expect(found([row({ action: 'token.create', decision: 'deny' }), row({ action: 'token.use' })])).toEqual([])
  expect(found([row({ action: 'approval.approve', firstApproval: true })])).toEqual(['new-approver'])
  expect(found([row({ action: 'approval.approve' })])).toEqual([])
  expect(found([row({ newDevice: true })])).toEqual(['new-device'])
  expect(found([row({})])).toEqual([])
})

test('mass export: three within an hour, or one of many rows', () => {
  expect(found([begun(), ended(10), begun(), ended(10)])).toEqual([])
  expect(found([begun(), begun(), begun()])).toEqual(['mass-export'])
  expect(found([begun(), ended(100_000)])).toEqual(['mass-export'])
  expect(found(times(5, (i) => begun({ ts: i * 31 * minute })))).toEqual([])
})

test('memory is bounded however many keys there are', () => {
  const rules = createRules()
  for (let i = 0; i < 30_000; i++) rules(failed({ object: `user:${i}`, actor: { id: 'unknown', ip: '' } }))
  expect(times(4, () => failed({ object: 'user:1' })).flatMap((one) => rules(one))).toEqual([])
})

test('a clock that was set back neither hides a burst nor makes one last for ever', () => {
  expect(found(times(5, (i) => failed({ ts: 10 * minute - i * minute })))).toEqual(['failed-sign-ins'])
  expect(found(times(8, (i) => failed({ ts: i < 4 ? 1e12 : 1e9 })))).toEqual([])
})

test('networks', () => {
  expect(networkOf('192.0.2.77')).toBe('192.0.2.0/24')
  expect(networkOf('::ffff:192.0.2.77')).toBe('192.0.2.0/24')
  expect(networkOf('2001:DB8::1')).toBe('2001:db8:0:0::/64')
  expect(networkOf('2001:0db8:0000:0000:1:2:3:4')).toBe('2001:db8:0:0::/64')
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
  expect(sourceOf('::ffff:192.0.2.77')).toBe('192.0.2.77')
  expect(sourceOf('::1')).toBe('0:0:0:0::/64')
})
