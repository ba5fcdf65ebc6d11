import * as fc from 'fast-check'
import type { Assignment, Policy, Role, Rule } from '../../../src/auth/policy/types.ts'
import { policyOf } from './build.ts'

/** Few of each, so that they meet often. */
export const someCapabilities = ['system:read', 'models:delete', 'role:edit', 'role:assign', 'audit:read'] as const
export const someObjects = ['model:a', 'model:ab', 'model:abc', 'user:a', 'role:r0', 'role:r1', 'group:g0'] as const
const scopes = ['*', 'model:*', 'model:a*', 'model:ab', 'role:*', 'user:a', 'role:r1'] as const
export const someUsers = ['u0', 'u1', 'u2', 'u3'] as const

export const anyScope: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: fc.constant('*') },
  fc.constantFrom(...scopes),
)

export const anyRule = (denies = true): fc.Arbitrary<Rule> =>
  fc.record({
    capability: fc.constantFrom(...someCapabilities),
    effect: denies
      ? fc.oneof({ weight: 3, arbitrary: fc.constant('allow' as const) }, fc.constant('deny' as const))
      : fc.constant('allow' as const),
    scope: anyScope,
  })

/** Trees of roles r0, r1, …, each below an earlier one or a root; trust never above the parent's. */
export const anyRoles: fc.Arbitrary<Role[]> = fc
  .array(
    fc.record({
      rules: fc.array(anyRule(), { maxLength: 4 }),
      above: fc.option(fc.nat(20), { nil: undefined }),
      trust: fc.integer({ min: 0, max: 100 }),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((drafts) => {
    const roles: Role[] = []
    for (const [i, { rules, above, trust }] of drafts.entries()) {
      const parent = above === undefined || roles.length === 0 ? undefined : roles[above % roles.length]
      roles.push({
        id: `r${i}`,
        name: `r${i}`,
        description: '',
        parent: parent?.id,
        trust: Math.min(trust, parent?.trust ?? 100),
        rules,
        everything: false,
        builtIn: false,
        version: 1,
      })
    }
    return roles
  })

const anySubject = fc.oneof(
  fc.constantFrom(...someUsers).map((id) => ({ kind: 'user' as const, id: id as string })),
  fc.constantFrom('g0', 'g1').map((id) => ({ kind: 'group' as const, id: id as string })),
)

/** Well-formed policies without owners; times lie around 1000. */
export const anyPolicy: fc.Arbitrary<Policy> = anyRoles.chain((roles) =>
  fc
    .record({
      given: fc.array(
        fc.record({
          subject: anySubject,
          role: fc.constantFrom(...roles.map(({ id }) => id)),
          scope: anyScope,
          expiresAt: fc.option(fc.integer({ min: 900, max: 1100 }), { nil: undefined }),
        }),
        { maxLength: 6 },
      ),
      members: fc.tuple(fc.subarray([...someUsers]), fc.subarray([...someUsers])),
    })
    .map(({ given, members }) => {
      const assignments = new Map<string, Assignment>()
      for (const each of given) {
        const id = `${each.subject.id} ${each.role} ${each.scope}`
        assignments.set(id, { ...each, id, grantedBy: 'setup' })
      }
      const groups = members.map((list, i) => ({ id: `g${i}`, name: `g${i}`, members: list as string[] }))
      return policyOf({ roles, groups, assignments: [...assignments.values()] })
    }),
)
