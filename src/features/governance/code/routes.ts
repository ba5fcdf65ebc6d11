import { randomUUID } from 'node:crypto'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Change } from '../../../auth/policy/diff.ts'
import { exportRoles } from '../../../auth/policy/export.ts'
import { parseRolesFile } from '../../../auth/policy/file.ts'
import { applyRolesFile, planRolesFile, type KnownUser } from '../../../auth/policy/plan.ts'
import { InvalidRequestError } from '../../../errors.ts'
import { wire } from '../../schemas.ts'
import type { GovernanceDeps } from '../deps.ts'
import { answers, proved, route } from '../route.ts'
import type { RolesPlan } from './contract.ts'

const base = '/api/governance/roles'

async function knownUsers({ db }: GovernanceDeps): Promise<KnownUser[]> {
  const rows = await db.selectFrom('aura.user').select(['id', 'login', 'email']).execute()
  return rows.map(({ id, login, email }) => ({ id, login: login ?? undefined, email: email ?? undefined }))
}

const changeView = ({ op, kind, id, before, after }: Change): RolesPlan['changes'][number] => ({
  op,
  kind,
  id,
  ...(before !== undefined && { before }),
  ...(after !== undefined && { after }),
})

/** What is wrong with a file is an answer, not an error: the page shows it line by line. */
async function planOf(deps: GovernanceDeps, yaml: string): Promise<RolesPlan> {
  const { policy } = deps.policy.compiled()
  const { file, errors } = await parseRolesFile(yaml)
  if (file === undefined) return { policyVersion: policy.version, errors: [...errors], changes: [] }
  const plan = planRolesFile(policy, file, await knownUsers(deps), randomUUID)
  const changes = plan.errors.length > 0 ? [] : plan.changes.map(changeView)
  return { policyVersion: policy.version, errors: [...plan.errors], changes }
}

/** Roles as code: the policy as a file, what a file would change, and the change itself. */
export function codeRoutes(instance: FastifyInstance, deps: GovernanceDeps): void {
  const { policy, callerOf, now } = deps
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  app.get(
    '/api/governance/roles.yaml',
    { config: { capability: 'role:read' }, schema: { tags: ['governance'], summary: 'The policy as a file' } },
    (request, reply) =>
      // Who may not list users sees their ids.
      (callerOf(request).decide('user:read').allow ? knownUsers(deps) : Promise.resolve([]))
        .then((users) => exportRoles(policy.compiled().policy, users, now()))
        .then((text) => reply.type('application/yaml; charset=utf-8').send(text)),
  )
  app.post(
    `${base}/plan`,
    route('role:read', 'What applying a file would change', {
      body: wire.RolesFile,
      response: answers({ 200: wire.RolesPlan }),
    }),
    ({ body }) => planOf(deps, body.yaml),
  )
  app.post(
    `${base}/apply`,
    {
      ...route('role:edit', 'Apply a file: all of it, or nothing', {
        body: wire.RolesApply,
        response: answers({ 200: wire.RolesPlan }),
      }),
      preHandler: proved(deps),
    },
    async (request) => {
      const { yaml, policyVersion } = request.body
      const { file, errors } = await parseRolesFile(yaml)
      if (file === undefined) throw new InvalidRequestError(errors.slice(0, 20).join('\n'))
      const edit = applyRolesFile(file, await knownUsers(deps), randomUUID, policyVersion)
      const changes = await policy.change(callerOf(request), edit, { requestId: request.id })
      return { policyVersion: policy.compiled().policy.version, errors: [], changes: changes.map(changeView) }
    },
  )
}
