import { newEnforcer, newModelFromString, Util } from 'casbin'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../../../src/auth/policy/compile.ts'
import { alive } from '../../../src/auth/policy/holdings.ts'
import type { Policy, Role } from '../../../src/auth/policy/types.ts'
import { anyPolicy, anyRule, someCapabilities, someObjects, someUsers } from './arbitraries.ts'

const now = 1000

/** Everything there is to ask: `user capability object`, of those that are allowed. */
function allowed(policy: Policy, objects: readonly (string | undefined)[] = [undefined, ...someObjects]): Set<string> {
  const index = compile(policy)
  const found = new Set<string>()
  for (const user of someUsers)
    for (const capability of someCapabilities)
      for (const object of objects)
        if (index.decide(user, capability, object, now).allow) found.add(`${user} ${capability} ${object}`)
  return found
}

const changed = (policy: Policy, place: number, change: (role: Role) => Role): Policy => ({
  ...policy,
  roles: policy.roles.map((role, i) => (i === place % policy.roles.length ? change(role) : role)),
})

test('an allow that is added never takes anything away', () => {
  fc.assert(
    fc.property(anyPolicy, anyRule(false), fc.nat(20), (policy, rule, place) => {
      const after = allowed(changed(policy, place, (role) => ({ ...role, rules: [...role.rules, rule] })))
      for (const each of allowed(policy)) expect(after).toContain(each)
    }),
    { numRuns: 500 },
  )
})

test('a junior role that is added never takes anything from its seniors, whatever it denies', () => {
  fc.assert(
    fc.property(anyPolicy, fc.array(anyRule(), { maxLength: 4 }), fc.nat(20), (policy, rules, place) => {
      const parent = policy.roles[place % policy.roles.length]
      const junior: Role = { ...(parent as Role), id: 'junior', parent: parent?.id, trust: 0, rules }
      const after = allowed({ ...policy, roles: [...policy.roles, junior] })
      for (const each of allowed(policy)) expect(after).toContain(each)
    }),
    { numRuns: 500 },
  )
})

test('a deny that is added never gives anything', () => {
  fc.assert(
    fc.property(anyPolicy, anyRule(false), fc.nat(20), (policy, rule, place) => {
      const before = allowed(policy)
      const denial = { ...rule, effect: 'deny' as const }
      for (const each of allowed(changed(policy, place, (role) => ({ ...role, rules: [...role.rules, denial] }))))
        expect(before).toContain(each)
    }),
    { numRuns: 500 },
  )
})

test('without an object the answer is whether there is any object; each names its rule, its path and its assignment', () => {
  fc.assert(
    fc.property(anyPolicy, (policy) => {
      const index = compile(policy)
      // One that no exact rule names, for each way to begin.
      const objects = [...someObjects, 'model:zz', 'model:azz', 'model:abzz', 'role:zz', 'zz:zz']
      for (const user of someUsers)
        for (const capability of someCapabilities) {
          const some = objects.some((object) => index.decide(user, capability, object, now).allow)
          const decision = index.decide(user, capability, undefined, now)
          expect(decision.allow).toBe(some)
          expect(index.capabilitiesOf(user, now).has(capability)).toBe(some)
          if (!decision.allow) continue
          const { path, rule, assignment } = decision
          const roles = new Map(policy.roles.map((role) => [role.id, role]))
          expect(policy.assignments.find(({ id }) => id === assignment)?.role).toBe(path[0])
          expect(path.at(-1)).toBe(rule?.role)
          for (const [i, id] of path.slice(1).entries()) expect(roles.get(id)?.parent).toBe(path[i])
        }
    }),
    { numRuns: 300 },
  )
})

/*
 * The same rules in casbin's words: allows come through the whole hierarchy (g), denies only from a role that is held
 * itself (g2), a scope on an assignment is a domain pattern, and a denial overrides.
 */
const model = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act, eft
[role_definition]
g = _, _, _
g2 = _, _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.act == p.act && within(r.obj, p.obj) && ((p.eft == "allow" && g(r.sub, p.sub, r.obj)) || (p.eft == "deny" && g2(r.sub, p.sub, r.obj)))
`

/** Casbin's own way with a `*` at the end. */
const within = (object: string, scope: string): boolean => Util.keyMatchFunc(object, scope)

async function oracle({ roles, assignments, groups }: Policy) {
  const casbin = await newEnforcer(newModelFromString(model))
  await casbin.addFunction('within', within)
  await casbin.addNamedDomainMatchingFunc('g', within)
  await casbin.addNamedDomainMatchingFunc('g2', within)
  for (const role of roles) {
    for (const rule of role.rules) await casbin.addPolicy(role.id, rule.scope, rule.capability, rule.effect)
    if (role.parent !== undefined) await casbin.addNamedGroupingPolicy('g', role.parent, role.id, '*')
  }
  for (const { id, members } of groups)
    for (const user of members) for (const g of ['g', 'g2']) await casbin.addNamedGroupingPolicy(g, user, id, '*')
  for (const each of assignments.filter((one) => alive(one, now)))
    for (const g of ['g', 'g2']) await casbin.addNamedGroupingPolicy(g, each.subject.id, each.role, each.scope)
  return casbin
}

test('the decision is the one that casbin comes to', async () => {
  const seen = { allowed: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(anyPolicy, async (policy) => {
      const index = compile(policy)
      const casbin = await oracle(policy)
      for (const user of someUsers)
        for (const capability of someCapabilities)
          for (const object of someObjects) {
            const ours = index.decide(user, capability, object, now).allow
            seen[ours ? 'allowed' : 'refused'] += 1
            expect([user, capability, object, ours]).toEqual([
              user,
              capability,
              object,
              await casbin.enforce(user, object, capability),
            ])
          }
    }),
    { numRuns: 100 },
  )
  expect(seen.allowed).toBeGreaterThan(100)
  expect(seen.refused).toBeGreaterThan(100)
}, 60_000)
