import type { Caller } from './types.ts'

/** The decisions of somebody whom the policy does not bind: yes, by no rule of any version. */
export const everything: Caller['decide'] = (capability, object) => ({
  allow: true,
  capability,
  object,
  reason: 'everything',
  rule: undefined,
  path: [],
  assignment: undefined,
  policyVersion: 0,
})
