import { expect, test } from 'vitest'
import * as edits from '../../../src/auth/policy/changes.ts'
import { checkEdit, systemCaller } from '../../../src/auth/policy/check.ts'
import { compile } from '../../../src/auth/policy/compile.ts'
import { violates } from '../../../src/auth/policy/separation.ts'
import type { Policy, Separation } from '../../../src/auth/policy/types.ts'
import { give, giveGroup, policyOf, role } from './build.ts'

const now = 1000

/** The policy after an edit that nothing but the constraints limits; or the code and words of the refusal. */
const tried = (policy: Policy, edit: edits.PolicyEdit, at = now): Promise<string> =>
  checkEdit(systemCaller('setup'), edit, compile(policy), (ids) => Promise.resolve(ids), at).then(
    () => 'done',
    (error: Error & { code: string }) => `${error.code} ${error.message}`,
  )

const owner = role('owner', 100)
const roles = [owner, role('boss', 50), role('pays', 30, [], 'boss'), role('orders', 30, [], 'boss'), role('both', 40)]
const set: Separation = { id: 's', name: 's', kind: 'static', members: ['pays', 'orders'], max: 1 }
const groups = [
  { id: 'g1', name: 'g1', members: ['eve'] },
  { id: 'g2', name: 'g2', members: ['eve'] },
]
const policy = policyOf({ roles, groups, separations: [set], assignments: [give('ann', 'owner')] })
const plus = (...more: Policy['assignments']): Policy => ({
  ...policy,
  assignments: [...policy.assignments, ...more],
})
const giving = (kind: 'user' | 'group', id: string, to: string, scope = '*') =>
  edits.assign('x', { subject: { kind, id }, role: to, scope, expiresAt: undefined }, 'ann')

test('a static separation holds for one person, whatever the scopes', async () => {
  expect(await tried(plus(give('eve', 'pays', 'model:a')), giving('user', 'eve', 'orders', 'model:b'))).toBe(
    'SEPARATION separation s: user eve would hold pays and orders, of which 1 is allowed',
  )
})
test('a static separation holds by two groups, and by joining the second', async () => {
  expect(await tried(plus(giveGroup('g1', 'pays')), giving('group', 'g2', 'orders'))).toMatch(/^SEPARATION/)
  const apart = {
    ...plus(giveGroup('g1', 'pays'), giveGroup('g2', 'orders')),
    groups: [groups[0], { id: 'g2', name: 'g2', members: [] }],
  } as Policy
  expect(await tried(apart, edits.updateGroup({ id: 'g2', name: 'g2', members: ['eve'] }))).toMatch(/^SEPARATION/)
})
test('a static separation counts what comes with a senior role, and does not bind the owner by inheritance', async () => {
  expect(await tried(policy, giving('user', 'eve', 'boss'))).toMatch(/^SEPARATION/)
  const under = { ...policy, roles: roles.map((each) => (each.id === 'boss' ? role('boss', 50, [], 'owner') : each)) }
  expect(await tried(under, giving('user', 'eve', 'owner'))).toBe('done')
})
test('a static separation ends with the assignment, at its very millisecond', async () => {
  const ending = plus(give('eve', 'pays', '*', now))
  expect(await tried(ending, giving('user', 'eve', 'orders'), now - 1)).toMatch(/^SEPARATION/)
  expect(await tried(ending, giving('user', 'eve', 'orders'))).toBe('done')
})
test('a static separation is not set where somebody breaks it already, nor where nobody could hold it', async () => {
  const none = { ...plus(give('eve', 'pays'), give('eve', 'orders')), separations: [] }
  expect(await tried(none, edits.setSeparation(set))).toMatch(/^SEPARATION/)
  expect(
    await tried({ ...policy, separations: [] }, edits.setSeparation({ ...set, members: ['boss', 'pays'] })),
  ).toMatch(/INVALID .*nobody could hold it/)
})
test('a static separation of one, of all, of nothing, twice the same', async () => {
  for (const bad of [
    { members: ['pays'] },
    { max: 2 },
    { max: 0 },
    { members: ['pays', 'gone'] },
    { members: ['pays', 'pays'] },
  ])
    expect(await tried(policy, edits.setSeparation({ ...set, ...bad }))).toMatch(/^INVALID separation s/)
})
test('a static separation what was broken before may be mended step by step', async () => {
  const broken = plus(give('eve', 'pays'), give('eve', 'orders'), give('dan', 'pays'), give('dan', 'orders'))
  expect(await tried(broken, edits.unassign('eve pays *'))).toBe('done')
  expect(await tried(broken, giving('user', 'kim', 'boss'))).toMatch(/^SEPARATION/)
})

test('a dynamic separation looks at what one person did to one object', () => {
  const eyes: Separation = { id: 'e', name: 'e', kind: 'dynamic', members: ['models:delete', 'action:approve'], max: 1 }
  const asked = { actor: 'ann', capability: 'models:delete' }
  expect(violates(eyes, [asked, { actor: 'ann', capability: 'action:approve' }])).toBe(true)
  expect(violates(eyes, [asked, { actor: 'bob', capability: 'action:approve' }])).toBe(false)
  expect(violates(eyes, [asked, asked, { actor: 'ann', capability: 'models:read' }])).toBe(false)
  expect(violates({ ...eyes, kind: 'static' }, [asked, { actor: 'ann', capability: 'action:approve' }])).toBe(false)
})
