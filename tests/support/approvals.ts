import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApprovals, type ApprovalsOptions, type RunningApprovals } from '../../src/approvals/index.ts'
import type { Approval, ApprovalKind } from '../../src/approvals/types.ts'
import type { Json } from '../../src/audit/types.ts'
import { openDatabase, type Database } from '../../src/database/index.ts'
import { InvalidRequestError } from '../../src/errors.ts'
import { quiet } from './logger.ts'
import { createPeople, memoryAudit, type MemoryAudit, type People } from './policy.ts'
import { embedded } from './run-aura.ts'

export const minute = 60_000

/** Approvals on a real PostgreSQL, with two operators and one kind of act. */
export interface ApprovalsBench extends AsyncDisposable {
  readonly database: Database
  readonly people: People
  readonly audit: MemoryAudit
  readonly asker: string
  readonly approver: string
  /** Names of models that were deleted. */
  readonly deleted: readonly string[]
  create(more?: Partial<ApprovalsOptions>): RunningApprovals
  ask(approvals: RunningApprovals, by: string, model: string): Promise<Approval>
  /** `action decision` of what the log has on a model, in order. */
  actionsOn(model: string): string[]
}

const textOf = (args: Json): string => {
  const model = typeof args === 'object' && args !== null ? (args as { model?: Json }).model : undefined
  if (typeof model !== 'string') throw new InvalidRequestError('no model')
  return model
}

const kindOf = (deleted: string[]): ApprovalKind => ({
  type: 'model.delete',
  request: 'models:delete',
  approve: 'action:approve',
  async check(args) {
    if (textOf(args) === 'missing') throw new InvalidRequestError('no such model')
  },
  describe: (args) => `Delete model ${textOf(args)}`,
  object: (args) => `model:${textOf(args)}`,
  async execute(args) {
    if (textOf(args).startsWith('broken')) throw new Error('secret detail of the disk')
    deleted.push(textOf(args))
    return { deleted: true }
  },
})

export async function startApprovals(): Promise<ApprovalsBench> {
  const dataDir = mkdtempSync(join(tmpdir(), 'aura-approvals-'))
  chmodSync(dataDir, 0o755)
  const database = await openDatabase(embedded(dataDir, { poolSize: 5 }), quiet)
  const audit = memoryAudit()
  const people = await createPeople(database.db, audit)
  const deleted: string[] = []
  const create = (more: Partial<ApprovalsOptions> = {}): RunningApprovals =>
    createApprovals({
      db: database.db,
      audit,
      policy: people.policy,
      isActive: () => true,
      kinds: [kindOf(deleted)],
      log: quiet,
      expiry: 60 * minute,
      reauthentication: 10 * minute,
      now: () => people.now,
      ...more,
    })
  return {
    database,
    people,
    audit,
    asker: await people.person('operator'),
    approver: await people.person('operator'),
    deleted,
    create,
    ask: (approvals, by, model) => approvals.request(people.signedIn(by), 'model.delete', { model }, 'too big'),
    actionsOn: (model) =>
      audit.entries
        .filter(({ object }) => object === `model:${model}`)
        .map(({ action, decision }) => `${action} ${decision}`),
    async [Symbol.asyncDispose]() {
      await people[Symbol.asyncDispose]()
      await database.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
