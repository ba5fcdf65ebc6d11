import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { mappingEdit } from '../../../src/auth/external/mapping.ts'
import type { ExternalRules } from '../../../src/auth/external/types.ts'
import { shippedRoles } from '../../../src/auth/policy/shipped.ts'
import type { Assignment, Policy } from '../../../src/auth/policy/types.ts'

const rules: ExternalRules = {
  method: 'oidc',
  autoCreate: true,
  linkBy: undefined,
  defaultRole: 'member',
  roleMap: { admins: 'administrator', ops: 'operator', more: 'operator', ghosts: 'no-such-role' },
  groupMap: { team: 'Team', others: 'Others', lost: 'No such group' },
}

const give = (role: string, grantedBy: string, more: Partial<Assignment> = {}): Assignment => ({
  id: `${role} by ${grantedBy}`,
  subject: { kind: 'user', id: 'me' },
  role,
  scope: '*',
  expiresAt: undefined,
  grantedBy,
  ...more,
})

const policy = (assignments: readonly Assignment[]): Policy => ({
  version: 1,
  roles: shippedRoles,
  assignments,
  separations: [],
  groups: [
    { id: 'g1', name: 'Team', members: ['you'] },
    { id: 'g2', name: 'Others', members: ['me', 'you'] },
    { id: 'g3', name: 'Friends', members: ['me'] },
  ],
})

let made = 0
const apply = (before: Policy, groups: readonly string[], more: Partial<ExternalRules> = {}): Policy =>
  mappingEdit('me', groups, { ...rules, ...more }, () => `new ${made++}`).apply(before)
const given = ({ assignments }: Policy): string[] => assignments.map(({ role, grantedBy }) => `${role} by ${grantedBy}`)

test('roles come with groups and go with them; what people gave, and what others hold, stays', () => {
  const yours = give('operator', 'oidc', { subject: { kind: 'user', id: 'you' } })
  const ofGroup = give('operator', 'oidc', { subject: { kind: 'group', id: 'me' } })
  const before = policy([yours, ofGroup, give('analyst', 'ada'), give('viewer', 'oidc'), give('viewer', 'proxy')])
  const after = apply(before, ['ops', 'more', 'ghosts', 'constructor', '__proto__'])
  expect(given(after).slice(0, 2)).toEqual(['operator by oidc', 'operator by oidc'])
  expect(after.assignments.slice(0, 2)).toEqual([yours, ofGroup])
  expect(given(after).slice(2).toSorted()).toEqual([
    'analyst by ada',
    'member by oidc',
    'operator by oidc',
    'viewer by proxy',
  ])
  expect(given(apply(after, [], { defaultRole: '' })).slice(2)).toEqual(['analyst by ada', 'viewer by proxy'])
})

test('a role that people gave is not given twice, but one that would end becomes lasting', () => {
  const lasting = apply(policy([give('administrator', 'ada')]), ['admins'], { defaultRole: '' })
  expect(given(lasting)).toEqual(['administrator by ada'])
  const ending = apply(policy([give('administrator', 'ada', { expiresAt: 5 })]), ['admins'], { defaultRole: '' })
  expect(ending.assignments).toMatchObject([{ role: 'administrator', grantedBy: 'oidc', expiresAt: undefined }])
  // For something else only, it is another gift.
  const narrow = apply(policy([give('administrator', 'ada', { scope: 'model:x' })]), ['admins'], { defaultRole: '' })
  expect(given(narrow)).toEqual(['administrator by ada', 'administrator by oidc'])
})

test('groups that are mapped have whoever is in theirs, and nobody else is touched', () => {
  const { groups } = apply(policy([]), ['team'])
  expect(groups.map(({ members }) => members)).toEqual([['you', 'me'], ['you'], ['me']])
})

const roles = (after: Policy): string[] =>
  given(after)
    .filter((each) => each.endsWith('oidc'))
    .toSorted()

test('the same once more changes nothing', () => {
  const names = [...Object.keys(rules.roleMap), ...Object.keys(rules.groupMap), 'other']
  const gifts = fc.array(
    fc.constantFrom(give('analyst', 'ada'), give('operator', 'oidc'), give('viewer', 'file', { expiresAt: 9 })),
  )
  fc.assert(
    fc.property(fc.subarray(names), fc.subarray(names), gifts, (first, second, had) => {
      const once = apply(policy([...new Set(had)]), first)
      expect(apply(once, first)).toEqual(once)
      // Nor does it matter what one was before.
      expect(roles(apply(once, second))).toEqual(roles(apply(policy([...new Set(had)]), second)))
    }),
  )
})
