import { capabilities, type Capability } from '../../../auth/capabilities.ts'
import type { CompiledRole, Reached } from '../../../auth/policy/roles.ts'
import type { EffectiveRights, RoleView } from '../contract.ts'

type Verdict = RoleView['effective'][string]

const keys = Object.keys(capabilities) as Capability[]

const about = (rules: readonly Reached[], capability: Capability): readonly Reached[] =>
  rules.filter(({ rule }) => rule.capability === capability)

const everywhere = ({ rule }: Reached): boolean => rule.scope === '*'

/** What a role comes to for one capability: its own denials outweigh whatever it or a junior allows. */
export function verdictOf(role: CompiledRole, capability: Capability): Verdict {
  const denies = about(role.denies, capability)
  const allows = about(role.allows, capability)
  if (denies.some(everywhere)) return 'deny'
  if (!role.everything && allows.length === 0) return denies.length > 0 ? 'deny' : 'none'
  return denies.length === 0 && (role.everything || allows.some(everywhere)) ? 'allow' : 'partly'
}

/** Capability -> verdict; what nothing was said of is left out. */
export function verdictsOf(role: CompiledRole): RoleView['effective'] {
  const all = keys.map((capability) => [capability, verdictOf(role, capability)] as const)
  return Object.fromEntries(all.filter(([, verdict]) => verdict !== 'none'))
}

const sourceOf = ({ rule, path }: Reached): EffectiveRights['capabilities'][number]['from'][number] => ({
  role: rule.role,
  effect: rule.effect,
  scope: rule.scope,
  path: [...path],
})

/** Every capability of the list with its verdict, and the rules it comes from. */
export const effectiveOf = (role: CompiledRole, policyVersion: number): EffectiveRights => ({
  role: role.role.id,
  policyVersion,
  capabilities: keys.map((capability) => ({
    capability,
    verdict: verdictOf(role, capability),
    from: [...about(role.denies, capability), ...about(role.allows, capability)].map(sourceOf),
  })),
})
