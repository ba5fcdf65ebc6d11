import { capabilities } from '../capabilities.ts'
import type { CompiledPolicy, Decision } from './types.ts'

const on = (object: string | undefined): string => (object === undefined ? '' : ` on ${object}`)

function source({ path, rule }: Decision): string {
  const [held = '', ...below] = path
  const scope = rule === undefined || rule.scope === '*' ? '' : `, for ${rule.scope}`
  return `role ${held}${below.length === 0 ? '' : ` (by way of ${below.join(' > ')})`}${scope}`
}

const endings: Readonly<Record<Decision['reason'], (decision: Decision) => string>> = {
  allowed: (decision) => `is allowed by ${source(decision)}`,
  everything: (decision) => `is allowed: ${source(decision)} holds everything`,
  denied: (decision) => `is denied by ${source(decision)}; a denial outweighs whatever allows it`,
  'not in scope': () => 'is not allowed: the roles held allow it for other objects only',
  separation: () => 'is not allowed: the same person has already done another part of it, and it takes two',
  'not delegated': () => 'is not allowed: this token was not given that right',
  'no rule': () => 'is not allowed: no role held includes it',
}

/** A decision in one plain sentence, for the page and for the audit log. Names roles and capabilities by their ids. */
export const explain = (decision: Decision): string =>
  `${decision.capability}${on(decision.object)} ${endings[decision.reason](decision)}.`

/** For whoever was refused: what it would take, and ids of those who could give it, ten at most. */
export function howToGet(
  policy: CompiledPolicy,
  { capability }: Decision,
  now: number,
): { readonly what: string; readonly roles: readonly string[]; readonly askUsers: readonly string[] } {
  const roles = policy.policy.roles.filter(({ rules }) =>
    rules.some((rule) => rule.capability === capability && rule.effect === 'allow'),
  )
  const what = capabilities[capability]
  return { what, roles: roles.map(({ id }) => id), askUsers: policy.whoCanGrant(capability, now).slice(0, 10) }
}
