import type { PolicyCaller } from '../../../src/auth/policy/check.ts'
import type { CompiledPolicy } from '../../../src/auth/policy/types.ts'
import { isCapability } from '../../../src/auth/capabilities.ts'

/** A user who is signed in, or a token of theirs that was given some capabilities only. */
export function callerOf(policy: CompiledPolicy, id: string, now: number, token?: ReadonlySet<string>): PolicyCaller {
  const delegated = (capability: string): boolean => token === undefined || token.has(capability)
  return {
    id,
    proof: token === undefined ? 'session' : 'token',
    credential: 'c1',
    ip: '192.0.2.1',
    may: (name) => isCapability(name) && delegated(name) && policy.decide(id, name, undefined, now).allow,
    decide(capability, object) {
      const decision = policy.decide(id, capability, object, now)
      return delegated(capability) ? decision : { ...decision, allow: false, reason: 'not delegated' }
    },
  }
}
