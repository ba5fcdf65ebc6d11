import { type Names, namesOf, ruleText } from './plan-text.ts'
import type { KnownUser } from './plan.ts'
import type { Assignment, Policy, Role } from './types.ts'

const header = `# Roles as code: \`aura roles plan FILE\` says what applying this would change, \`aura roles apply FILE\` does it.
# managed: listed   what this file does not name stays, but for assignments that it made before
# managed: all      in the sections that are here, whatever is not named is removed (shipped roles excepted)
# A rule is a capability, everywhere or on something: models:delete on model:llama*
`

function roleOf({ name, description, parent, trust, rules }: Role) {
  const of = (effect: string): string[] => rules.filter((rule) => rule.effect === effect).map(ruleText)
  return {
    name,
    ...(description !== '' && { description }),
    ...(parent !== undefined && { parent }),
    trust,
    ...(of('allow').length > 0 && { allow: of('allow') }),
    ...(of('deny').length > 0 && { deny: of('deny') }),
  }
}

const assignmentOf = ({ subject: { kind, id }, role, scope, expiresAt }: Assignment, names: Names) => ({
  [kind]: names[kind](id),
  role,
  ...(scope !== '*' && { scope }),
  ...(expiresAt !== undefined && { expires: new Date(expiresAt).toISOString() }),
})

/** The policy as a file that, applied, changes nothing. Assignments that have ended are left out. */
export async function exportRoles(policy: Policy, users: readonly KnownUser[], now: number): Promise<string> {
  const { stringify } = await import('yaml')
  const names = namesOf(users, policy.groups)
  const given = policy.assignments.filter(({ expiresAt }) => expiresAt === undefined || now < expiresAt)
  const content = {
    version: 1,
    managed: 'listed',
    roles: new Map(policy.roles.filter(({ everything }) => !everything).map((role) => [role.id, roleOf(role)])),
    groups: new Map(policy.groups.map(({ name, members }) => [name, members.map((id) => names.user(id))])),
    assignments: given.map((each) => assignmentOf(each, names)),
    separations: new Map(
      policy.separations.map(({ name, kind, members, max }) => [name, { kind, members: [...members], max }]),
    ),
  }
  return header + stringify(content, { lineWidth: 0, aliasDuplicateObjects: false })
}
