import type { Transaction } from 'kysely'
import type { Audit } from '../../audit/types.ts'
import type { Db, Schema } from '../../database/schema.ts'
import type { Logger } from '../../lib/logger.ts'
import type { RightsChange } from '../types.ts'
import type { AssignmentFields, PolicyEdit, RoleFields } from './changes.ts'
import type { PolicyCaller } from './check.ts'
import type { PolicyIndex } from './compile.ts'
import type { Change } from './diff.ts'
import type { Assignment, Group, Role, Separation } from './types.ts'

export type Tx = Transaction<Schema>

export interface PolicyStoreOptions {
  readonly db: Db
  readonly audit: Pick<Audit, 'append' | 'record'>
  readonly log: Logger
  /** ms since the epoch. */
  readonly clock: () => number
  /** Of these users, those whose accounts may sign in; an owner who may not does not count as the last. */
  readonly active?: (tx: Tx, userIds: readonly string[]) => Promise<readonly string[]>
  /** How often to look for changes by other processes, ms. */
  readonly every?: number
}

/** What an edit may be told besides: the transaction of the caller, who then calls `refresh()` once it is committed. */
export interface Within {
  readonly tx?: Tx
  readonly requestId?: string
}

/** The edits there are. Refusals are `RefusedError`s, with a code and words for whoever asked. */
export interface PolicyOperations {
  createRole(caller: PolicyCaller, id: string, fields: RoleFields, within?: Within): Promise<Role>
  /** `version`: the one that the editor saw. */
  updateRole(caller: PolicyCaller, id: string, fields: RoleFields, version: number, within?: Within): Promise<Role>
  deleteRole(caller: PolicyCaller, id: string, version: number, within?: Within): Promise<void>
  assign(caller: PolicyCaller, fields: AssignmentFields, within?: Within): Promise<Assignment>
  unassign(caller: PolicyCaller, id: string, within?: Within): Promise<void>
  createGroup(caller: PolicyCaller, fields: Omit<Group, 'id'>, within?: Within): Promise<Group>
  updateGroup(caller: PolicyCaller, group: Group, within?: Within): Promise<Group>
  deleteGroup(caller: PolicyCaller, id: string, within?: Within): Promise<void>
  createSeparation(caller: PolicyCaller, fields: Omit<Separation, 'id'>, within?: Within): Promise<Separation>
  updateSeparation(caller: PolicyCaller, separation: Separation, within?: Within): Promise<Separation>
  deleteSeparation(caller: PolicyCaller, id: string, within?: Within): Promise<void>
  /** Takes a user out of everything; for one who is erased. */
  forgetUser(caller: PolicyCaller, userId: string, within?: Within): Promise<void>
}

/** Every change is checked and written under one lock, together with its audit entries. */
export interface PolicyStore extends PolicyOperations {
  /** The newest policy known; goes on when the database fails. */
  compiled(): PolicyIndex
  /** Why `compiled()` may be old; undefined if it is not. */
  stale(): string | undefined
  /** Any edit; what was changed, in an order in which it can be done. */
  change(caller: PolicyCaller, edit: PolicyEdit, within?: Within): Promise<readonly Change[]>
  /** Throws if nobody but these users is a lasting owner: to be asked before accounts are locked, in that transaction. */
  keepOwner(tx: Tx, without: readonly string[]): Promise<void>
  /** Reads the policy again, if it has another version. */
  refresh(): Promise<void>
  /** Called after each commit, here or in another process, and when an assignment has expired. */
  onChange(listener: (change: RightsChange) => void): () => void
  close(): Promise<void>
}
