import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Assignment, Policy } from '../../../auth/policy/types.ts'
import { wire } from '../../schemas.ts'
import type { AssignmentQuery, AssignmentView } from '../contract.ts'
import type { GovernanceDeps } from '../deps.ts'
import { namesOf } from '../../../auth/user-lists.ts'
import { answers, done, idParams, proved, route } from '../route.ts'

const base = '/api/governance/assignments'

const view = ({ expiresAt, subject, ...rest }: Assignment): AssignmentView => ({
  ...rest,
  subject: { ...subject },
  ...(expiresAt !== undefined && { expiresAt }),
})

/** Those asked for; those of a user include what comes by a group. */
function asked({ assignments, groups }: Policy, { user, role }: AssignmentQuery): readonly Assignment[] {
  const mine = new Set(groups.filter(({ members }) => user !== undefined && members.includes(user)).map(({ id }) => id))
  return assignments.filter(
    ({ subject, role: given }) =>
      (role === undefined || given === role) &&
      (user === undefined || (subject.kind === 'user' ? subject.id === user : mine.has(subject.id))),
  )
}

const peopleOf = ({ subject, grantedBy }: Assignment): string[] =>
  subject.kind === 'user' ? [subject.id, grantedBy] : [grantedBy]

/** Who holds which role, on what, until when. */
export function assignmentRoutes(instance: FastifyInstance, deps: GovernanceDeps): void {
  const { db, policy, callerOf } = deps
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const preHandler = proved(deps)
  app.get(
    base,
    route('role:read', 'Who holds which role', {
      querystring: wire.AssignmentQuery,
      response: answers({ 200: wire.AssignmentList }),
    }),
    async ({ query }) => {
      const found = asked(policy.compiled().policy, query)
      return { assignments: found.map(view), names: await namesOf(db, found.flatMap(peopleOf)) }
    },
  )
  app.post(
    base,
    {
      ...route('role:assign', 'Give a role to a user or group', {
        body: wire.AssignmentCreate,
        response: answers({ 201: wire.AssignmentView }),
      }),
      preHandler,
    },
    async (request, reply) => {
      const { subject, role, scope = '*', expiresAt } = request.body
      const fields = { subject, role, scope, expiresAt }
      const made = await policy.assign(callerOf(request), fields, { requestId: request.id })
      return reply.code(201).send(view(made))
    },
  )
  app.delete(
    `${base}/:id`,
    {
      ...route('role:assign', 'Take a role away', { params: idParams, response: answers({ 200: wire.Done }) }),
      preHandler,
    },
    async (request) => {
      await policy.unassign(callerOf(request), request.params.id, { requestId: request.id })
      return done
    },
  )
}
