import { describe, expect, test } from 'vitest'
import type { Capability } from '../../../src/auth/capabilities.ts'
import { compile } from '../../../src/auth/policy/compile.ts'
import { explain, howToGet } from '../../../src/auth/policy/explain.ts'
import { covers, intersect, isScope, reaches } from '../../../src/auth/policy/scope.ts'
import { allow, deny, give, giveGroup, policyOf, role } from './build.ts'

describe('scopes', () => {
  test.each(['*', 'model:*', 'model:llama*', 'model:llama3.2:3b', 'user:0a-1'])('%s is one', (text) => {
    expect(isScope(text)).toBe(true)
  })
  test.each([
    '',
    '**',
    'model',
    'model:',
    '*:a',
    'model:a*b',
    'Model:a',
    'model:a b',
    'model:a\u0000',
    `model:${'a'.repeat(300)}`,
  ])('%j is none', (text) => {
    expect(isScope(text)).toBe(false)
  })
  test('reach, cover, meet', () => {
    expect(reaches('model:llama*', 'model:llama')).toBe(true)
    expect(reaches('model:llama', 'model:llama2')).toBe(false)
    expect(covers('model:a*', 'model:ab*')).toBe(true)
    expect(covers('model:ab*', 'model:a*')).toBe(false)
    expect(covers('model:a', 'model:a*')).toBe(false)
    expect(intersect('model:a*', 'model:ab')).toBe('model:ab')
    expect(intersect('*', 'model:a*')).toBe('model:a*')
    expect(intersect('model:a*', 'model:b*')).toBeUndefined()
  })
})

const tree = [
  role('owner', 100),
  role('lead', 60, [allow('models:delete', 'model:llama*'), deny('models:delete', 'model:llama-prod')], 'owner'),
  role('staff', 20, [allow('models:read'), deny('audit:read')], 'lead'),
  role('auditor', 30, [allow('audit:read')], 'owner'),
]
const at = (assignments: ReturnType<typeof give>[], groups = [{ id: 'g', name: 'g', members: ['eve'] }]) =>
  compile(policyOf({ version: 7, roles: tree, assignments, groups }))

test('a decision says which rule of which role, by which way, through which assignment, at which version', () => {
  const decision = at([give('ann', 'lead')]).decide('ann', 'models:read', 'model:x', 0)
  expect(decision).toEqual({
    allow: true,
    capability: 'models:read',
    object: 'model:x',
    reason: 'allowed',
    rule: { ...allow('models:read'), role: 'staff' },
    path: ['lead', 'staff'],
    assignment: 'ann lead *',
    policyVersion: 7,
  })
  expect(explain(decision)).toBe('models:read on model:x is allowed by role lead (by way of staff).')
})

test.each([
  ['models:delete', 'model:llama3', 'allowed'],
  ['models:delete', 'model:qwen', 'not in scope'],
  ['models:delete', 'model:llama-prod', 'denied'],
  ['models:delete', undefined, 'allowed'],
  ['audit:read', undefined, 'no rule'],
] as const)('%s on %s: %s', (capability, object, reason) => {
  expect(at([give('ann', 'lead')]).decide('ann', capability, object, 0).reason).toBe(reason)
})

test('a denial binds who holds the role, whatever else they hold, and not the seniors of the role', () => {
  const index = at([give('ann', 'staff'), give('ann', 'auditor'), give('bob', 'lead'), give('bob', 'auditor')])
  expect(index.decide('ann', 'audit:read', undefined, 0)).toMatchObject({ allow: false, reason: 'denied' })
  expect(index.decide('bob', 'audit:read', undefined, 0)).toMatchObject({ allow: true })
})

test('an assignment reaches no further than its own scope, and neither do its denials', () => {
  const index = at([give('ann', 'lead', 'model:llama3*'), give('bob', 'auditor'), give('bob', 'staff', 'user:*')])
  expect(index.decide('ann', 'models:delete', 'model:llama3:8b', 0).allow).toBe(true)
  expect(index.decide('ann', 'models:delete', 'model:llama2', 0)).toMatchObject({
    allow: false,
    reason: 'not in scope',
  })
  expect(index.decide('bob', 'audit:read', 'user:x', 0).allow).toBe(false)
  expect(index.decide('bob', 'audit:read', 'model:x', 0).allow).toBe(true)
})

test('the owner holds everything; a denial outweighs even that, and then one is no full owner', () => {
  const index = at([give('ann', 'owner'), give('bob', 'owner'), give('bob', 'staff')])
  const decision = index.decide('ann', 'role:edit', 'role:x', 0)
  expect(decision).toMatchObject({ allow: true, reason: 'everything', path: ['owner'], rule: undefined })
  expect(explain(decision)).toBe('role:edit on role:x is allowed: role owner holds everything.')
  expect(index.decide('bob', 'audit:read', undefined, 0).allow).toBe(false)
  expect([index.isOwner('ann', 0), index.isOwner('bob', 0)]).toEqual([true, false])
})

test('an assignment ends at its very millisecond', () => {
  const index = at([give('ann', 'staff', '*', 1000), giveGroup('g', 'lead', '*', 2000)])
  expect(index.decide('ann', 'models:read', undefined, 999).allow).toBe(true)
  expect(index.decide('ann', 'models:read', undefined, 1000)).toMatchObject({ allow: false, reason: 'no rule' })
  expect([index.trustOf('eve', 1999), index.trustOf('eve', 2000)]).toEqual([60, -1])
  expect([index.nextExpiry(0), index.nextExpiry(1000), index.nextExpiry(2000)]).toEqual([1000, 2000, undefined])
})

test('rights of a group are those of its members, and roles are told once', () => {
  const index = at([giveGroup('g', 'lead'), give('eve', 'lead', 'model:x'), give('eve', 'auditor')])
  expect(index.rolesOf('eve', 0).toSorted()).toEqual(['auditor', 'lead'])
  expect(index.decide('eve', 'models:read', undefined, 0)).toMatchObject({ allow: true, path: ['lead', 'staff'] })
  expect(index.rolesOf('nobody', 0)).toEqual([])
})

test.each(['toString', '__proto__', 'nothing:ever'])('%s is no capability: refused, for owners too', (name) => {
  expect(at([give('ann', 'owner')]).decide('ann', name as Capability, undefined, 0).allow).toBe(false)
})

test('data that should not exist ends in a refusal: circles, roles that are gone', () => {
  const roles = [role('a', 5, [allow('models:read')], 'b'), role('b', 5, [], 'a')]
  const index = compile(policyOf({ roles, assignments: [give('ann', 'b'), give('ann', 'gone')] }))
  expect(index.decide('ann', 'models:read', undefined, 0).path).toEqual(['b', 'a'])
  expect(index.decide('ann', 'audit:read', undefined, 0).allow).toBe(false)
})

test('who could grant: those who have it themselves, may assign, and stand above a role with it', () => {
  const roles = [
    ...tree,
    role('clerk', 50, [allow('role:assign'), allow('models:read')]),
    role('low', 10, [allow('role:assign'), allow('models:read')]),
  ]
  const assignments = [give('ann', 'owner'), give('bob', 'clerk'), give('cy', 'low'), give('dan', 'staff')]
  const index = compile(policyOf({ roles, assignments }))
  expect(index.whoCanGrant('models:read', 0)).toEqual(['ann', 'bob'])
  expect(index.whoCanGrant('audit:read', 0)).toEqual(['ann'])
  const refusal = index.decide('dan', 'models:delete', 'model:x', 0)
  expect(howToGet(index, refusal, 0)).toMatchObject({ roles: ['lead'], askUsers: ['ann'] })
})
