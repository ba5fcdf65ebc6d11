import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { isCapability } from '../../auth/capabilities.ts'
import { explain } from '../../auth/policy/explain.ts'
import type { CompiledPolicy, Decision } from '../../auth/policy/types.ts'
import type { Caller } from '../../auth/types.ts'
import { InvalidRequestError, RefusedError } from '../../errors.ts'
import { wire } from '../schemas.ts'
import type { Why, WhyQuestion } from './contract.ts'
import type { GovernanceDeps } from './deps.ts'
import { namesOf } from '../../auth/user-lists.ts'
import { answers, route } from './route.ts'

const mostGrantors = 20

/** About oneself what the caller's own credential leaves, about others what the policy says. */
function decisionFor(caller: Caller, policy: CompiledPolicy, question: WhyQuestion, now: number): Decision {
  const { user = caller.id, capability, object } = question
  if (!isCapability(capability)) throw new InvalidRequestError('There is no such capability')
  if (user === caller.id) return caller.decide(capability, object)
  if (!caller.decide('role:read').allow) {
    throw new RefusedError(403, 'FORBIDDEN', 'You do not hold the right role:read', { capability: 'role:read' })
  }
  return policy.decide(user, capability, object, now)
}

/** Whose names are told: those who could grant it, so that whoever was refused knows whom to ask. */
async function whyOf(caller: Caller, question: WhyQuestion, { db, policy, now }: GovernanceDeps): Promise<Why> {
  const compiled = policy.compiled()
  const decision = decisionFor(caller, compiled, question, now())
  const { allow, reason, capability, object, rule, path, assignment, policyVersion } = decision
  const ids = compiled.whoCanGrant(capability, now()).slice(0, mostGrantors)
  const names = await namesOf(db, ids)
  return {
    user: question.user ?? caller.id,
    capability,
    allow,
    reason,
    sentence: explain(decision),
    path: [...path],
    policyVersion,
    grantors: ids.flatMap((id) => (names[id] === undefined ? [] : [{ id, name: names[id] }])),
    ...(object !== undefined && { object }),
    ...(rule !== undefined && { rule }),
    ...(assignment !== undefined && { assignment }),
  }
}

/** `POST /api/governance/why`: may this user do that, why or why not, and who could change it. */
export function whyRoute(instance: FastifyInstance, deps: GovernanceDeps): void {
  instance.withTypeProvider<TypeBoxTypeProvider>().post(
    '/api/governance/why',
    route('signed-in', 'Whether a user may do something, and why', {
      body: wire.WhyQuestion,
      response: answers({ 200: wire.Why }),
    }),
    (request) => whyOf(deps.callerOf(request), request.body, deps),
  )
}
