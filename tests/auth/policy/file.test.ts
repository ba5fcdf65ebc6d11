import { randomUUID } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkEdit, systemCaller } from '../../../src/auth/policy/check.ts'
import { compile } from '../../../src/auth/policy/compile.ts'
import { exportRoles } from '../../../src/auth/policy/export.ts'
import { parseRolesFile, type RolesFile } from '../../../src/auth/policy/file.ts'
import { changeText, namesOf } from '../../../src/auth/policy/plan-text.ts'
import { applyRolesFile, planRolesFile, type KnownUser } from '../../../src/auth/policy/plan.ts'
import { shippedRoles, shippedSeparations } from '../../../src/auth/policy/shipped.ts'
import type { Policy } from '../../../src/auth/policy/types.ts'
import { anyPolicy } from './arbitraries.ts'
import { allow, give, policyOf, role } from './build.ts'

const users: KnownUser[] = [
  { id: 'u-ann', login: 'ann', email: 'ann@example.org' },
  { id: 'u-bob', login: 'bob', email: undefined },
]
const read = async (text: string): Promise<RolesFile> => {
  const { file, errors } = await parseRolesFile(text)
  expect(errors).toEqual([])
  return file as RolesFile
}
const plan = async (policy: Policy, text: string) => planRolesFile(policy, await read(text), users, randomUUID)
const lines = async (policy: Policy, text: string): Promise<string[]> => {
  const { changes, after } = await plan(policy, text)
  return changes.flatMap((each) => changeText(each, namesOf(users, after.groups)))
}
const base = policyOf({
  roles: [role('owner', 100), role('lead', 50, [allow('models:read')], 'owner'), role('old', 10)],
  assignments: [
    give('u-ann', 'owner'),
    { ...give('u-bob', 'old'), grantedBy: 'file' },
    give('u-bob', 'lead', 'model:*'),
  ],
})

test('a file makes roles, groups, assignments and separations, in an order in which it can be done', async () => {
  const text = `version: 1
roles:
  junior: { trust: 5, parent: night, allow: [models:read] }
  night:
    name: Night shift
    trust: 30
    parent: lead
    allow: [models:delete on model:llama*]
    deny: [audit:read]
groups:
  Nights: [ANN@example.org, bob]
assignments:
  - { group: Nights, role: night, scope: 'model:*', expires: 2027-01-31T18:00:00Z }
separations:
  Apart: { members: [night, old], max: 1 }
`
  expect(await lines(base, text)).toEqual([
    '- role old for user bob',
    '+ role night',
    '    name: Night shift',
    '    description: ',
    '    parent: lead',
    '    trust: 30',
    '    + allow models:delete on model:llama*',
    '    + deny audit:read',
    '+ role junior',
    '    name: junior',
    '    description: ',
    '    parent: night',
    '    trust: 5',
    '    + allow models:read',
    '+ group Nights',
    '    + ann',
    '    + bob',
    '+ role night for group Nights on model:* until 2027-01-31T18:00:00.000Z',
    '+ separation Apart: at most 1 of night, old (static)',
  ])
  const { kept } = await plan(base, text)
  expect(kept.map(({ id }) => id)).toEqual(['u-ann owner *', 'u-bob lead model:*'])
})

test('managed: all removes what is not named, in the sections that are there, and nothing that is shipped', async () => {
  const shipped = { ...base, roles: [...base.roles, { ...role('viewer', 1), builtIn: true }] }
  const all = (sections: string) => lines(shipped, `version: 1\nmanaged: all\n${sections}`)
  expect(await all('roles: { lead: { trust: 50, parent: owner, allow: [models:read] } }')).toEqual(['- role old'])
  expect(await all('assignments: [{ user: ann, role: owner }]')).toEqual([
    '- role old for user bob',
    '- role lead for user bob on model:*',
  ])
  expect(await all('groups: {}')).toEqual([])
})

/** Applies a file that manages everything; or the code and words of the refusal. */
const tried = async (text: string, version?: number): Promise<string> =>
  checkEdit(
    systemCaller('os:root'),
    applyRolesFile(await read(`version: 1\nmanaged: all\n${text}`), users, randomUUID, version),
    compile(base),
    (ids) => Promise.resolve(ids),
    0,
  ).then(
    () => 'done',
    (error: Error & { code: string }) => `${error.code} ${error.message}`,
  )

test('applying is refused whole: the last owner, a broken tree, somebody unknown, another version', async () => {
  expect(await tried('assignments: []')).toMatch(/^LAST_OWNER/)
  expect(await tried('assignments: [{ user: ann, role: owner, expires: 2999-01-01T00:00:00Z }]')).toMatch(/^LAST_OWNER/)
  expect(await tried('roles: { a: { trust: 1, parent: b }, b: { trust: 1, parent: a } }')).toMatch(
    /^INVALID .*above itself/,
  )
  expect(await tried('assignments:\n  - { user: ann, role: owner }\n  - { user: nobody, role: lead }')).toBe(
    'INVALID line 5: there is no user "nobody"',
  )
  expect(await tried('groups: {}', 7)).toMatch(/^VERSION_CONFLICT/)
  expect(await tried('groups: {}', 1)).toBe('done')
})

describe('a file with a mistake says where', () => {
  test.each([
    ['', 'line 1: the file must have named members'],
    ['roles: {}', 'line 1: the file must begin with version: 1'],
    ['version: 2', 'line 1: version 1 is the only one known'],
    ['version: 1\nrolls: {}', 'line 2: rolls is not known here; there are'],
    ['version: 1\nmanaged: some', 'line 2: managed is listed or all'],
    ['version: 1\nroles:\n  a:\n    trust: 5\n    color: red', 'line 5: color is not known here'],
    ['version: 1\nroles:\n  a: { trust: 5 }\n  a: { trust: 6 }', 'line 4: Map keys must be unique'],
    ['version: 1\nroles:\n  a: { trust: high }', 'line 3: trust must be a number'],
    ['version: 1\nroles:\n  a:\n    name: x', 'must say its trust'],
    [
      'version: 1\nroles:\n  a:\n    trust: 1\n    allow:\n      - models:fly',
      'line 6: an item of allow: there is no capability "models:fly"',
    ],
    [
      'version: 1\nroles:\n  a:\n    trust: 1\n    allow: [models:read on model]',
      'line 5: an item of allow: "model" is not a scope',
    ],
    ['version: 1\nroles: { owner: { trust: 1 } }', 'line 2: owner is what it is'],
    ['version: 1\nassignments:\n  - { role: a }', 'line 3: an item of assignments must name a user or a group'],
    [
      'version: 1\nassignments:\n  - { user: a, group: b, role: a }',
      'line 3: an item of assignments must name a user or a group',
    ],
    [
      'version: 1\nassignments:\n  - { user: a, role: a, expires: tomorrow }',
      'line 3: expires must be a time with its zone',
    ],
    [
      'version: 1\nassignments:\n  - { user: a, role: a, expires: 2027-13-01T00:00:00Z }',
      'line 3: expires must be a time',
    ],
    ['version: 1\nx: &a [1]\ngroups: { g: *a }', 'line 2: x is not known here'],
    ['version: 1\ngroups:\n  g: [&a ann, *a]', 'line 3: an item of g must be text'],
    ['version: 1\nroles: [', 'line 2: '],
    ['version: 1\n\troles: {}', 'line 2: '],
  ])('%j', async (text, message) => {
    const { file, errors } = await parseRolesFile(text)
    expect(file).toBeUndefined()
    expect(errors.join('\n')).toContain(message)
  })
})

test('what is exported, applied, changes nothing', async () => {
  const shipped = {
    ...base,
    roles: shippedRoles,
    separations: shippedSeparations,
    assignments: [give('u-ann', 'owner'), give('gone', 'viewer', '*', 5000)],
  }
  expect(await lines(shipped, await exportRoles(shipped, users, 0))).toEqual([])
  await fc.assert(
    fc.asyncProperty(anyPolicy, fc.string({ unit: 'grapheme', maxLength: 30 }), async (policy, text) => {
      const roles = policy.roles.map((each) =>
        Object.assign({}, each, { name: text, description: `${text}\n# ${text}` }),
      )
      const written = await exportRoles({ ...policy, roles }, [], 0)
      const { file, errors } = await parseRolesFile(written)
      expect(errors).toEqual([])
      expect(planRolesFile({ ...policy, roles }, file as RolesFile, [], randomUUID)).toMatchObject({
        changes: [],
        errors: [],
      })
    }),
    { numRuns: 200 },
  )
})
