import { expect, it } from 'vitest'
import { differences, merged, proposed, type RoleFields } from '../../../web/src/features/governance/roles/merge.ts'

const rule = (capability: string, effect: 'allow' | 'deny' = 'allow') => ({ capability, effect, scope: '*' })
const base: RoleFields = { name: 'Watch', description: '', parent: 'admin', trust: 10, rules: [rule('a:read')] }

it('sees no difference where two made the same of a role, whatever the order of its rules', () => {
  const mine = { ...base, rules: [rule('a:read'), rule('b:read')] }
  const theirs = { ...base, rules: [rule('b:read'), rule('a:read')] }
  expect(differences(base, mine, theirs)).toEqual([])
})

it('tells what one of them changed from what both did', () => {
  const mine = { ...base, name: 'Night watch', trust: 20 }
  const theirs = { ...base, trust: 30, description: 'at night' }
  expect(differences(base, mine, theirs).map(({ field, clash }) => [field, clash])).toEqual([
    ['name', false],
    ['description', false],
    ['trust', true],
  ])
})

it('proposes what only one changed, and mine where both did; a person may choose otherwise', () => {
  const mine = { ...base, name: 'Night watch', trust: 20 }
  const theirs = { ...base, trust: 30, rules: [rule('b:read', 'deny')] }
  const choices = proposed(base, mine, theirs)
  expect(choices).toEqual({ name: 'mine', trust: 'mine', rules: 'theirs' })
  expect(merged(mine, theirs, choices)).toEqual({ ...base, name: 'Night watch', trust: 20, rules: theirs.rules })
  expect(merged(mine, theirs, { ...choices, trust: 'theirs' }).trust).toBe(30)
})

it('keeps a role a root when that is what was chosen', () => {
  const { parent: _, ...root } = base
  expect(merged(root, base, { parent: 'mine' })).not.toHaveProperty('parent')
  expect(merged(root, base, { parent: 'theirs' }).parent).toBe('admin')
})
