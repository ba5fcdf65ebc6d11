import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import * as edits from '../../../src/auth/policy/changes.ts'
import { checkEdit } from '../../../src/auth/policy/check.ts'
import { compile, type PolicyIndex } from '../../../src/auth/policy/compile.ts'
import type { Policy } from '../../../src/auth/policy/types.ts'
import { anyPolicy, anyRule, anyScope, someCapabilities, someObjects, someUsers } from './arbitraries.ts'
import { allow, give, policyOf, role } from './build.ts'
import { callerOf } from './caller.ts'

const now = 1000
/** `model:zz`, … stand for all that no rule names. */
const objects = [...someObjects, 'model:zz', 'model:azz', 'model:abzz', 'role:zz', 'zz:zz']

const anyRoleId = fc.constantFrom('r0', 'r1', 'r2', 'r3', 'new0', 'new1')
const anyUser = fc.constantFrom(...someUsers)
const anySubject = fc.oneof(
  anyUser.map((id) => ({ kind: 'user' as const, id: id as string })),
  fc.constantFrom('g0', 'g1').map((id) => ({ kind: 'group' as const, id: id as string })),
)
const anyFields = fc.record({
  name: fc.constant('x'),
  description: fc.constant(''),
  parent: fc.option(anyRoleId, { nil: undefined }),
  trust: fc.integer({ min: 0, max: 100 }),
  rules: fc.array(anyRule(), { maxLength: 3 }),
})

/** Any attempt; those that need an id or a version look it up, as an attacker would. */
const anyAttempt: fc.Arbitrary<(policy: Policy) => edits.PolicyEdit> = fc.oneof(
  fc.tuple(anyRoleId, anyFields).map(
    ([id, fields]) =>
      () =>
        edits.createRole(id, fields),
  ),
  fc.tuple(anyRoleId, anyFields, fc.boolean()).map(([id, fields, onlyRules]) => (policy: Policy) => {
    const old = policy.roles.find((each) => each.id === id)
    // Half of them leave the place in the tree alone, so that more are well-formed.
    const place = onlyRules && old !== undefined ? { parent: old.parent, trust: old.trust } : {}
    return edits.updateRole(id, { ...fields, ...place }, old?.version ?? 0)
  }),
  anyRoleId.map(
    (id) => (policy: Policy) => edits.deleteRole(id, policy.roles.find((each) => each.id === id)?.version ?? 0),
  ),
  fc.tuple(anySubject, anyRoleId, anyScope, fc.option(fc.integer({ min: 900, max: 1200 }), { nil: undefined })).map(
    ([subject, to, scope, expiresAt]) =>
      () =>
        edits.assign(JSON.stringify([subject, to, scope]), { subject, role: to, scope, expiresAt }, 'x'),
  ),
  fc.nat(20).map(
    (n) =>
      ({ assignments }: Policy) =>
        edits.unassign(assignments[n % Math.max(1, assignments.length)]?.id ?? ''),
  ),
  fc.tuple(fc.constantFrom('g0', 'g1'), fc.subarray([...someUsers])).map(
    ([id, members]) =>
      () =>
        edits.updateGroup({ id, name: id, members }),
  ),
)

/** Power over the policy is spread about, or hardly anything would be granted. */
const anyStart: fc.Arbitrary<Policy> = fc
  .tuple(
    anyPolicy,
    fc.subarray([...someUsers]),
    fc.integer({ min: 30, max: 90 }),
    fc.option(fc.constant(1050), { nil: undefined }),
  )
  .map(([policy, admins, trust, end]) =>
    policyOf({
      groups: policy.groups,
      roles: [...policy.roles, role('power', trust, [allow('role:edit'), allow('role:assign'), allow('system:read')])],
      assignments: [...policy.assignments, ...admins.map((user) => give(user, 'power', '*', end))],
    }),
  )

const attempt = (policy: Policy, user: string, edit: edits.PolicyEdit): Promise<PolicyIndex | undefined> => {
  const index = compile(policy)
  return checkEdit(callerOf(index, user, now), edit, index, (ids) => Promise.resolve(ids), now).then(
    ({ after }) => after,
    () => undefined,
  )
}

function held(index: PolicyIndex, users: readonly string[], at: number): Set<string> {
  const found = new Set<string>()
  for (const user of users)
    for (const capability of someCapabilities)
      for (const object of objects)
        if (index.decide(user, capability, object, at).allow) found.add(`${capability} ${object}`)
  return found
}
const trustOf = (index: PolicyIndex, users: readonly string[]): number =>
  Math.max(...users.map((user) => index.trustOf(user, now)))

test('whoever act together never get above the trust, or to more rights, than the best of them had', async () => {
  let granted = 0
  await fc.assert(
    fc.asyncProperty(
      anyStart,
      fc.subarray([...someUsers], { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(20), anyAttempt), { minLength: 5, maxLength: 25 }),
      async (start, band, attempts) => {
        const first = compile(start)
        const [trust, rights] = [trustOf(first, band), held(first, band, now)]
        let policy = start
        for (const [n, make] of attempts) {
          const after = await attempt(policy, band[n % band.length] as string, make(policy))
          if (after === undefined) continue
          granted += 1
          policy = after.policy
          expect(trustOf(after, band)).toBeLessThanOrEqual(trust)
          for (const right of held(after, band, now)) expect(rights).toContain(right)
        }
      },
    ),
    { numRuns: 400 },
  )
  // The property is not true because everything is refused.
  expect(granted).toBeGreaterThan(100)
}, 60_000)

test('nobody gains anything by what they do themselves, now or at any later time', async () => {
  let granted = 0
  await fc.assert(
    fc.asyncProperty(anyStart, fc.array(fc.tuple(anyUser, anyAttempt), { maxLength: 25 }), async (start, attempts) => {
      let policy = start
      for (const [user, make] of attempts) {
        const before = compile(policy)
        const after = await attempt(policy, user, make(policy))
        if (after === undefined) continue
        granted += 1
        policy = after.policy
        for (const at of [now, 1049, 1050, 1100, 1150, 1200, Number.POSITIVE_INFINITY]) {
          expect(after.trustOf(user, at)).toBeLessThanOrEqual(before.trustOf(user, at))
          const had = held(before, [user], at)
          for (const right of held(after, [user], at)) expect(had).toContain(right)
        }
      }
    }),
    { numRuns: 300 },
  )
  expect(granted).toBeGreaterThan(100)
}, 60_000)
