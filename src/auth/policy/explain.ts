import { capabilities } from '../capabilities.ts'
import type { CompiledPolicy, Decision } from './types.ts'

const on = (object: string | undefined): string => (object === undefined ? '' : ` on ${object}`)

function source({ path, rule }: Decision): string {
  const [held = '', ...below] = path
  const scope = rule === undefined || rule.scope === '*' ? '' : `, for ${rule.scope}`
  return `role ${held}${below.length === 0 ? '' : ` (by way of ${below.join(' > ')})`}${scope}`
}

/** A decision in one plain sentence, for the page and for the audit log. Names roles and capabilities by their ids. */
export function explain(decision: Decision): string {
  const what = `${decision.capability}${on(decision.object)}`
  switch (decision.reason) {
    case 'allowed':
      return `${what} is allowed by ${source(decision)}.`
    case 'everything':
      return `${what} is allowed: ${source(decision)} holds everything.`
    case 'denied':
      return `${what} is denied by ${source(decision)}; a denial outweighs whatever allows it.`
    case 'not in scope':
      return `${what} is not allowed: the roles held allow it for other objects only.`
    case 'separation':
      return `${what} is not allowed: the same person has already done another part of it, and two must.`
    case 'not delegated':
      return `${what} is not allowed: this token was not given that right.`
    case 'no rule':
      return `${what} is not allowed: no role held includes it.`
  }
}

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
