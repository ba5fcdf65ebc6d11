import { expect, test } from 'vitest'
import { capabilities } from '../../../src/auth/capabilities.ts'
import { compile } from '../../../src/auth/policy/compile.ts'
import { malformed } from '../../../src/auth/policy/constraints.ts'
import { seeded } from '../../../src/auth/policy/seed.ts'
import { shippedRoles, shippedSeparations } from '../../../src/auth/policy/shipped.ts'
import { give, policyOf } from './build.ts'

const policy = policyOf({ roles: shippedRoles, separations: shippedSeparations })

test('what is shipped is well-formed, one tree, and gives every capability to some role below the owner', () => {
  expect(malformed(compile(policy))).toEqual([])
  expect(shippedRoles.filter(({ parent }) => parent === undefined).map(({ id }) => id)).toEqual(['owner'])
  const index = compile({ ...policy, assignments: [give('adam', 'administrator')] })
  expect([...index.capabilitiesOf('adam', 0)].toSorted()).toEqual(Object.keys(capabilities).toSorted())
})

test('who may do what changes only on purpose', () => {
  const own = Object.fromEntries(shippedRoles.map(({ id, rules }) => [id, rules.map(({ capability }) => capability)]))
  expect(own['viewer']).not.toContain('audit:read')
  const service = compile({ ...policy, assignments: [give('bot', 'service')] }).capabilitiesOf('bot', 0)
  expect([...service].filter((name) => !name.endsWith(':read'))).toEqual(['alerts:deliver'])
  expect(service.has('audit:read') || service.has('user:read') || service.has('role:read')).toBe(false)
})

test('a later version gives shipped roles what is new, and never what somebody took away', () => {
  const edited = shippedRoles.map((role) => (role.id === 'member' ? Object.assign({}, role, { rules: [] }) : role))
  const known = new Set(Object.keys(capabilities))
  expect(seeded({ ...policy, roles: edited }, known).roles.find(({ id }) => id === 'member')?.rules).toEqual([])
  known.delete('models:read')
  const viewer = seeded(
    { ...policy, roles: edited.map((role) => (role.id === 'viewer' ? Object.assign({}, role, { rules: [] }) : role)) },
    known,
  )
  expect(viewer.roles.find(({ id }) => id === 'viewer')).toMatchObject({
    rules: [{ capability: 'models:read', effect: 'allow', scope: '*' }],
    version: 2,
  })
})
