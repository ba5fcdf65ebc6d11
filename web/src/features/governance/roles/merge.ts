import type { RoleEdit, RoleRule, RoleView } from '../../../../../src/features/governance/contract.ts'

/** What of a role is edited. */
export type RoleFields = Omit<RoleEdit, 'version'>
export type FieldName = keyof RoleFields

export const fieldNames = ['name', 'description', 'parent', 'trust', 'rules'] as const satisfies readonly FieldName[]

export const fieldsOf = ({ name, description, parent, trust, rules }: RoleView): RoleFields => ({
  name,
  description,
  trust,
  rules,
  ...(parent !== undefined && { parent }),
})

export const ruleKey = ({ capability, effect, scope }: RoleRule): string => `${effect} ${capability} on ${scope}`

/** A field in words, for comparing. */
export function fieldText(fields: RoleFields, name: FieldName): string {
  if (name === 'rules') return fields.rules.map(ruleKey).toSorted().join('\n') || 'none'
  return String(fields[name] ?? 'none')
}

/** One field that differs between what was edited and what is there now. */
export interface Difference {
  readonly field: FieldName
  /** Changed by both: a person must choose. */
  readonly clash: boolean
  readonly mine: string
  readonly theirs: string
}

/** What two people made of one role, field by field; fields on which they agree are left out. */
export function differences(base: RoleFields, mine: RoleFields, theirs: RoleFields): readonly Difference[] {
  return fieldNames.flatMap((field) => {
    const [was, ours, other] = [base, mine, theirs].map((fields) => fieldText(fields, field))
    if (ours === other) return []
    return [{ field, clash: ours !== was && other !== was, mine: ours ?? '', theirs: other ?? '' }]
  })
}

/** What is taken unless a person says otherwise: mine where I changed it, theirs where I did not. */
export function proposed(
  base: RoleFields,
  mine: RoleFields,
  theirs: RoleFields,
): Readonly<Record<string, 'mine' | 'theirs'>> {
  return Object.fromEntries(
    differences(base, mine, theirs).map(({ field }) => [
      field,
      fieldText(mine, field) === fieldText(base, field) ? 'theirs' : 'mine',
    ]),
  )
}

/** The role that comes of the choices; `theirs` where none was made. */
export function merged(
  mine: RoleFields,
  theirs: RoleFields,
  choices: Readonly<Record<string, 'mine' | 'theirs'>>,
): RoleFields {
  const from = (field: FieldName): RoleFields => (choices[field] === 'mine' ? mine : theirs)
  const { parent } = from('parent')
  return {
    name: from('name').name,
    description: from('description').description,
    trust: from('trust').trust,
    rules: from('rules').rules,
    ...(parent !== undefined && { parent }),
  }
}
