import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { exportRoles } from '../auth/policy/export.ts'
import { parseRolesFile, type RolesFile } from '../auth/policy/file.ts'
import { changeText, assignmentText, namesOf } from '../auth/policy/plan-text.ts'
import { applyRolesFile, type KnownUser, planRolesFile } from '../auth/policy/plan.ts'
import type { PolicyCaller } from '../auth/policy/check.ts'
import type { PolicyStore } from '../auth/policy/store.ts'
import type { Db } from '../database/schema.ts'
import { ConfigError, StartError } from '../errors.ts'
import { invocation } from './options.ts'
import { type IdentityCommandDeps, withIdentity } from './with-identity.ts'

const usage = `Usage: aura roles plan FILE [--json] [--config FILE]
       aura roles apply FILE [--config FILE]
       aura roles export [--config FILE]

Roles as code: roles, groups, who holds what, and separations of duty in one YAML file.

  plan     what applying the file would change; --json for programs
  apply    does it, all of it or nothing; each change is in the audit log, done by the user of this system
  export   the policy as it is, as such a file

What people gave in the panel and the file does not name stays, and the plan says so; what an earlier version of the
file gave and this one does not is taken away. With "managed: all" everything that the file does not name is removed, in
the sections it has.

Exit codes: 0 nothing would change, or it was done; 1 failed, or the file is wrong; of plan, 2: there are changes.
An Aura that runs notices what was applied within 5 seconds.`

/** A sub-command, as `main.ts` wants it. */
interface Command {
  readonly usage: string
  run(args: readonly string[]): Promise<number>
}

async function readRoles(path: string | undefined): Promise<RolesFile> {
  if (path === undefined) throw new StartError(usage)
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new StartError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`)
  })
  const { file, errors } = await parseRolesFile(text)
  if (file === undefined) throw new StartError(errors.map((line) => `${path} ${line}`).join('\n'))
  return file
}

const knownUsers = (db: Db): Promise<KnownUser[]> =>
  db
    .selectFrom('aura.user')
    .select(['id', 'login', 'email'])
    .execute()
    .then((rows) => rows.map(({ id, login, email }) => ({ id, login: login ?? undefined, email: email ?? undefined })))

function plan(
  store: PolicyStore,
  users: readonly KnownUser[],
  file: RolesFile,
  json: boolean,
): { readonly code: number; readonly text: string } {
  const before = store.compiled().policy
  const { after, changes, errors, kept } = planRolesFile(before, file, users, randomUUID)
  if (errors.length > 0) throw new StartError(errors.join('\n'))
  const code = changes.length > 0 ? 2 : 0
  if (json) return { code, text: JSON.stringify({ policyVersion: before.version, changes, kept }, null, 2) }
  const names = namesOf(users, [...after.groups, ...before.groups])
  const lines = changes.flatMap((change) => changeText(change, names))
  const stay = kept.map((each) => `  (kept, not of this file: ${assignmentText(each, names)})`)
  return { code, text: [...(code === 2 ? lines : ['nothing would change']), ...stay].join('\n') }
}

async function apply(
  store: PolicyStore,
  caller: PolicyCaller,
  users: readonly KnownUser[],
  file: RolesFile,
): Promise<string> {
  const before = store.compiled().policy.groups
  const changes = await store.change(caller, applyRolesFile(file, users, randomUUID, undefined))
  const names = namesOf(users, [...store.compiled().policy.groups, ...before])
  return [...changes.flatMap((change) => changeText(change, names)), `changes made: ${changes.length}`].join('\n')
}

/** `aura roles`; takes what the other commands about people take. */
export const rolesCommand = (deps: IdentityCommandDeps): Command => ({
  usage,
  async run(args) {
    const json = args.includes('--json')
    const { config, positionals } = await invocation(args.filter((each) => each !== '--json'))
    const [verb = '', path] = positionals
    if (!['plan', 'apply', 'export'].includes(verb)) throw new ConfigError(usage)
    const file = verb === 'export' ? undefined : await readRoles(path)
    let code = 0
    const text = await withIdentity(config, deps, async ({ db, policy, caller }) => {
      const users = await knownUsers(db)
      if (file === undefined) return exportRoles(policy.compiled().policy, users, Date.now())
      if (verb === 'apply') return apply(policy, caller, users, file)
      const planned = plan(policy, users, file, json)
      code = planned.code
      return planned.text
    })
    console.log(text.trimEnd())
    return code
  },
})
