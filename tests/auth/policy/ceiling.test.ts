import { expect, test } from 'vitest'
import * as edits from '../../../src/auth/policy/changes.ts'
import { checkEdit } from '../../../src/auth/policy/check.ts'
import { compile } from '../../../src/auth/policy/compile.ts'
import type { Separation } from '../../../src/auth/policy/types.ts'
import { allow, deny, give, policyOf, role } from './build.ts'
import { callerOf } from './caller.ts'

const now = 0
const clerkRules = [allow('role:edit'), allow('role:assign'), allow('user:edit'), allow('models:read', 'model:a*')]
const fourEyes: Separation = {
  id: 'eyes',
  name: 'eyes',
  kind: 'dynamic',
  members: ['models:delete', 'action:approve'],
  max: 1,
}
const policy = policyOf({
  roles: [
    role('owner', 100),
    role('clerk', 50, clerkRules),
    role('low', 10, [allow('models:read', 'model:ab')]),
    role('wide', 10, [allow('models:read')]),
    role('gag', 10, [deny('audit:read')]),
    role('peer', 50, []),
  ],
  assignments: [
    give('ann', 'owner'),
    give('bob', 'clerk'),
    give('cy', 'peer'),
    give('dan', 'gag'),
    give('eve', 'wide'),
  ],
  separations: [fourEyes],
})
const index = compile(policy)

const tried = (edit: edits.PolicyEdit, user = 'bob', token?: ReadonlySet<string>): Promise<string> =>
  checkEdit(callerOf(index, user, now, token), edit, index, (ids) => Promise.resolve(ids), now).then(
    () => 'done',
    (error: Error & { code: string }) => `${error.code} ${error.message}`,
  )
const giving = (user: string, to: string, scope = '*') =>
  edits.assign('x', { subject: { kind: 'user', id: user }, role: to, scope, expiresAt: undefined }, 'bob')
const fields = (trust: number, rules = [allow('models:read', 'model:a')]) => ({
  name: 'x',
  description: '',
  parent: undefined,
  trust,
  rules,
})

test.each([
  ['a role with what one has', giving('kim', 'low'), 'done'],
  ['a wider role, as far as one reaches', giving('kim', 'wide', 'model:abc*'), 'done'],
  ['a wider role', giving('kim', 'wide'), 'GRANT_CEILING role wide gives models:read on *, which you do not have'],
  ['a role as trusted as one’s own', giving('kim', 'peer'), 'GRANT_CEILING role peer has trust 50, and yours is 50'],
  ['the owner role', giving('kim', 'owner'), /^GRANT_CEILING role owner has trust 100/],
  ['oneself a role', giving('bob', 'low'), 'done'],
  ['a denial to a peer', giving('cy', 'gag'), /^GRANT_CEILING role gag denies something to user cy/],
  ['a denial to the owner', giving('ann', 'gag'), /^(?:LAST_OWNER|GRANT_CEILING)/],
  [
    'the end of a denial of what one lacks',
    edits.unassign('dan gag *'),
    /^GRANT_CEILING being rid of role gag gives audit:read/,
  ],
  ['the end of a wider role', edits.unassign('eve wide *'), 'done'],
  ['the end of a peer’s role', edits.unassign('cy peer *'), /^GRANT_CEILING role peer has trust 50/],
  ['the end of a user above oneself', edits.forgetUser('cy'), /^GRANT_CEILING role peer/],
  ['a new role', edits.createRole('new', fields(49)), 'done'],
  ['a new role as trusted as one’s own', edits.createRole('new', fields(50)), /^GRANT_CEILING role new has trust 50/],
  [
    'a new role with more',
    edits.createRole('new', fields(1, [allow('audit:read')])),
    /^GRANT_CEILING role new gives audit:read/,
  ],
  ['a role less denied', edits.updateRole('gag', fields(10, []), 1), /^GRANT_CEILING role gag gives audit:read/],
  ['a role more trusted', edits.updateRole('low', fields(60), 1), /^GRANT_CEILING role low has trust 60/],
  ['a peer’s role', edits.updateRole('peer', fields(20), 1), /^GRANT_CEILING role peer has trust 50/],
  ['one’s own role', edits.updateRole('clerk', fields(50), 1), /^GRANT_CEILING role clerk has trust 50/],
  ['a junior for a peer’s role', edits.createRole('new', { ...fields(1), parent: 'peer' }), /^GRANT_CEILING role peer/],
  ['a stricter separation', edits.setSeparation({ ...fourEyes, members: [...fourEyes.members, 'alert:ack'] }), 'done'],
  ['a looser separation', edits.deleteSeparation('eyes'), 'GRANT_CEILING only an owner loosens separation eyes'],
])('who may do some things gives or takes %s', async (_, edit, answer) => {
  expect(await tried(edit)).toMatch(answer)
})

test('owners are free', async () => {
  for (const edit of [
    giving('kim', 'owner'),
    edits.deleteSeparation('eyes'),
    edits.unassign('cy peer *'),
    giving('ann', 'low'),
  ])
    expect(await tried(edit, 'ann')).toBe('done')
})

test('a token gives no more than it has, even an owner’s', async () => {
  const token = new Set(['role:assign'])
  expect(await tried(giving('kim', 'low'), 'bob', token)).toMatch(/^GRANT_CEILING role low gives models:read/)
  expect(await tried(giving('kim', 'owner'), 'ann', token)).toMatch(/^GRANT_CEILING/)
})
