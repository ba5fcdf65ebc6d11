import { describe, expect, test } from 'vitest'
import * as edits from '../../../src/auth/policy/changes.ts'
import { checkEdit, systemCaller } from '../../../src/auth/policy/check.ts'
import { compile } from '../../../src/auth/policy/compile.ts'
import type { Policy, Role, Separation } from '../../../src/auth/policy/types.ts'
import { allow, give, giveGroup, policyOf, role } from './build.ts'
import { callerOf } from './caller.ts'

const now = 1000
const all = (ids: readonly string[]): Promise<readonly string[]> => Promise.resolve(ids)

/** The policy after an edit that nothing but the constraints limits; or the code and words of the refusal. */
async function tried(
  policy: Policy,
  edit: edits.PolicyEdit,
  caller = systemCaller('setup'),
  at = now,
): Promise<string> {
  return checkEdit(caller, edit, compile(policy), all, at).then(
    () => 'done',
    (error: Error & { code: string }) => `${error.code} ${error.message}`,
  )
}

const fieldsOf = ({ name, description, parent, trust, rules }: Role, more: Partial<edits.RoleFields> = {}) => ({
  name,
  description,
  parent,
  trust,
  rules,
  ...more,
})
const [owner, a, b, c] = [role('owner', 100), role('a', 50), role('b', 40, [], 'a'), role('c', 30, [], 'b')]
const base = policyOf({ roles: [owner, a, b, c], assignments: [give('ann', 'owner')] })
const fresh = (parent: string | undefined, trust: number) =>
  edits.createRole('new', fieldsOf(role('new', trust, [], parent)))

const chain = (n: number): Role[] =>
  Array.from({ length: n }, (_, i) => role(`d${i}`, 50, [allow('system:read')], i === 0 ? undefined : `d${i - 1}`))

describe('the hierarchy', () => {
  test('a circle A → B → A', async () => {
    expect(await tried(base, edits.updateRole('a', fieldsOf(a, { parent: 'c', trust: 30 }), 1))).toMatch(
      /INVALID role a: it would be above itself/,
    )
  })
  test('a role that is its own parent', async () => {
    expect(await tried(base, edits.updateRole('a', fieldsOf(a, { parent: 'a' }), 1))).toMatch(/INVALID .*own parent/)
  })
  test('a parent that does not exist', async () => {
    expect(await tried(base, fresh('nobody', 1))).toBe('INVALID role new: there is no role nobody')
  })
  test('a parent of lower trust, also by moving the parent down', async () => {
    expect(await tried(base, fresh('c', 31))).toMatch(/INVALID .*trust \(31\) is above that of its parent c \(30\)/)
    expect(await tried(base, edits.updateRole('b', fieldsOf(b, { trust: 29 }), 1))).toMatch(/INVALID role c/)
  })
  test('sixteen levels are the most; a thousand are refused at once', async () => {
    expect(await tried(policyOf({ roles: chain(15) }), fresh('d14', 50))).toBe('done')
    expect(await tried(policyOf({ roles: chain(16) }), fresh('d15', 50))).toBe(
      'INVALID role new: it would lie more than 16 levels deep',
    )
    const started = performance.now()
    const deep = {
      needs: () => [{ capability: 'role:edit' as const, object: 'role:x' }],
      apply: () => policyOf({ roles: chain(1000) }),
    }
    expect(await tried(base, deep)).toMatch(/INVALID .*more than 16 levels deep/)
    expect(performance.now() - started).toBeLessThan(2000)
  })
  test.each([
    ['trust 101', { trust: 101 }],
    ['trust 1.5', { trust: 1.5 }],
    ['a capability that does not exist', { rules: [allow('toString' as never)] }],
    ['a scope that is none', { rules: [allow('system:read', 'model')] }],
    ['a name of line breaks', { name: 'a\nb' }],
    ['a name turned around', { name: 'a\u202eb' }],
    ['a NUL', { description: 'a\u0000' }],
  ])('%s', async (_, more) => {
    expect(await tried(base, edits.updateRole('c', fieldsOf(c, { parent: undefined, ...more }), 1))).toMatch(
      /^INVALID role c/,
    )
  })
  test('the owner role stays what it is, and there is no second', async () => {
    for (const more of [{ trust: 99 }, { parent: 'a' }, { rules: [allow('system:read')] }])
      expect(await tried(base, edits.updateRole('owner', fieldsOf(owner, more), 1))).toMatch(/^INVALID role owner/)
    expect(await tried(base, edits.createRole('a', fieldsOf(a)))).toBe('INVALID there are two of role a')
  })
})

describe('edits', () => {
  test('a role in use is not deleted: held, above another, in a separation, or shipped', async () => {
    const set: Separation = { id: 's', name: 's', kind: 'static', members: ['x', 'y'], max: 1 }
    const roles = [...base.roles, role('x', 1), role('y', 1)]
    const policy = { ...base, roles, assignments: [...base.assignments, give('bob', 'c', '*', 1)], separations: [set] }
    expect(await tried(policy, edits.deleteRole('c', 1))).toBe('IN_USE role c is in use: 1 hold it')
    expect(await tried(policy, edits.deleteRole('b', 1))).toBe('IN_USE role b is in use: it is the parent of c')
    expect(await tried(policy, edits.deleteRole('x', 1))).toBe('IN_USE role x is in use: separation s names it')
    expect(await tried(policy, edits.deleteRole('owner', 1))).toMatch(/^IN_USE .*came with Aura/)
    expect(await tried(base, edits.deleteRole('c', 1))).toBe('done')
  })
  test('whoever saw an older version is told the newer', async () => {
    const policy = { ...base, roles: [owner, { ...a, version: 4 }, b, c] }
    await expect(
      checkEdit(systemCaller('x'), edits.updateRole('a', fieldsOf(a), 3), compile(policy), all, now),
    ).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
      statusCode: 409,
      details: { version: 4 },
    })
  })
  test.each([
    ['a role', edits.deleteRole('none', 1)],
    ['an assignment', edits.unassign('none')],
    ['a group', edits.updateGroup({ id: 'none', name: 'x', members: [] })],
    ['a separation', edits.deleteSeparation('none')],
  ])('%s that does not exist', async (_, edit) => {
    expect(await tried(base, edit)).toMatch(/^NOT_FOUND/)
  })
  test('a role on the same scope once more is the same assignment with another end', () => {
    const once = edits
      .assign('1', { subject: { kind: 'user', id: 'u' }, role: 'c', scope: '*', expiresAt: 5 }, 'ann')
      .apply(base)
    const twice = edits
      .assign('2', { subject: { kind: 'user', id: 'u' }, role: 'c', scope: '*', expiresAt: 9 }, 'bob')
      .apply(once)
    expect(twice.assignments.filter(({ subject }) => subject.id === 'u')).toMatchObject([
      { id: '1', expiresAt: 9, grantedBy: 'bob' },
    ])
  })
})

const onlyAnn = (ids: readonly string[]) => Promise.resolve(ids.filter((id) => id === 'ann'))

describe('the last owner', () => {
  const one = give('ann', 'owner')
  const take = edits.unassign(one.id)
  test.each([
    ['nobody else', []],
    ['another for a time', [give('bob', 'owner', '*', now + 1)]],
    ['another for some objects', [give('bob', 'owner', 'model:*')]],
    ['another by an empty group', [giveGroup('g', 'owner')]],
  ])('stays where there is %s', async (_, more) => {
    const policy = { ...base, assignments: [one, ...more], groups: [{ id: 'g', name: 'g', members: [] }] }
    expect(await tried(policy, take)).toMatch(/^LAST_OWNER/)
    expect(await tried(policy, edits.forgetUser('ann'))).toMatch(/^LAST_OWNER/)
    const ending = edits.assign('x', { ...one, expiresAt: now + 10 }, 'ann')
    expect(await tried(policy, ending)).toMatch(/^LAST_OWNER/)
  })
  test('is not bound by a denial either', async () => {
    const roles = [...base.roles, role('gag', 0, [{ capability: 'role:edit', effect: 'deny', scope: '*' }])]
    const gag = edits.assign(
      'x',
      { subject: { kind: 'user', id: 'ann' }, role: 'gag', scope: '*', expiresAt: undefined },
      'ann',
    )
    expect(await tried({ ...base, roles }, gag)).toMatch(/^LAST_OWNER/)
  })
  test('may go when another is there, also by a group', async () => {
    const groups = [{ id: 'g', name: 'g', members: ['bob'] }]
    const policy = { ...base, assignments: [one, giveGroup('g', 'owner')], groups }
    expect(await tried(policy, take)).toBe('done')
    expect(await tried({ ...policy, assignments: [giveGroup('g', 'owner')] }, edits.deleteGroup('g'))).toMatch(
      /^LAST_OWNER/,
    )
  })
  test('an owner whose account is locked does not count', async () => {
    const policy = { ...base, assignments: [one, give('bob', 'owner')] }
    await expect(checkEdit(systemCaller('x'), take, compile(policy), onlyAnn, now)).rejects.toMatchObject({
      code: 'LAST_OWNER',
    })
  })
})

test('without the right to ask nothing is even looked at; a token has no more than it was given', async () => {
  const policy = { ...base, assignments: [...base.assignments, give('bob', 'c')] }
  expect(await tried(policy, fresh(undefined, 1), callerOf(compile(policy), 'bob', now))).toBe(
    'FORBIDDEN role:edit on role:new is not allowed: no role held includes it.',
  )
  const token = callerOf(compile(policy), 'ann', now, new Set(['role:read']))
  expect(await tried(policy, fresh(undefined, 1), token)).toMatch(/^FORBIDDEN .*token was not given/)
  expect(await tried(policy, fresh(undefined, 1), callerOf(compile(policy), 'ann', now))).toBe('done')
})
