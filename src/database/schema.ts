import type { ColumnType, Generated, Kysely } from 'kysely'
import type { AlertSchema } from '../audit/alerts/tables.ts'
import type { ForeignSchema } from '../audit/foreign/tables.ts'
import type { AuditSchema } from '../audit/tables.ts'
import type { IdentitySchema } from '../auth/tables.ts'
import type { DeliveredAlertSchema } from '../features/alerts/tables.ts'

/** The one row that says whose database this is. */
export interface InstanceTable {
  /** Always true: there can be only one row. */
  singleton: Generated<boolean>
  id: Generated<string>
  created_at: Generated<Date>
  /** Last start of Aura. */
  started_at: Generated<Date>
}

/** Where the log of a durable topic stands. */
export interface RealtimeTopicTable {
  topic: string
  epoch: string
  /** Of the last message; pg hands out a bigint as text. */
  offset: ColumnType<string, number | undefined, number>
}

/** A message of a durable topic. */
export interface RealtimeLogTable {
  topic: string
  offset: ColumnType<string, number, never>
  ts: Date
  /** JSON of the key, where there is one. */
  key: string | null
  json: string
}

/** An act that needs a second person. */
export interface ApprovalTable {
  id: string
  /** Order of arrival; pg hands out a bigint as text. */
  seq: Generated<string>
  type: string
  /** Canonical JSON. */
  args: string
  summary: string
  object: string
  policy_version: ColumnType<string, number, never>
  hash: string
  state: string
  requested_by: string
  requested_at: Date
  reason: string
  expires_at: Date
  decided_by: string | null
  decided_at: Date | null
  comment: string | null
  /** JSON. */
  outcome: string | null
  /** How often it was begun; more than once only after a crash. */
  attempts: Generated<number>
}

/** The one row that every change of the policy locks. */
export interface PolicyTable {
  singleton: Generated<boolean>
  /** Grows with each change. */
  version: Generated<number>
  /** Capabilities that shipped roles were given so far. */
  seeded: Generated<string[]>
}

export interface RoleTable {
  id: string
  name: string
  description: string
  parent: string | null
  trust: number
  everything: boolean
  built_in: boolean
  version: number
}

export interface RoleRuleTable {
  role: string
  position: number
  capability: string
  effect: 'allow' | 'deny'
  scope: string
}

export interface UserGroupTable {
  id: string
  name: string
}

export interface GroupMemberTable {
  group_id: string
  position: number
  user_id: string
}

export interface AssignmentTable {
  id: string
  subject_kind: 'user' | 'group'
  subject_id: string
  role: string
  scope: string
  expires_at: Date | null
  granted_by: string
  granted_at: Generated<Date>
}

export interface SeparationTable {
  id: string
  name: string
  kind: 'static' | 'dynamic'
  members: string[]
  max: number
}

/** Who did what to an object, for dynamic separation of duty. */
export interface ActTable {
  id: Generated<string>
  object: string
  actor: string
  capability: string
  at: Generated<Date>
}

/** Tables and their columns, as the newest migration leaves them. */
export interface Schema extends IdentitySchema, AuditSchema, AlertSchema, ForeignSchema, DeliveredAlertSchema {
  'aura.instance': InstanceTable
  'aura.realtime_topic': RealtimeTopicTable
  'aura.realtime_log': RealtimeLogTable
  'aura.policy': PolicyTable
  'aura.role': RoleTable
  'aura.role_rule': RoleRuleTable
  'aura.user_group': UserGroupTable
  'aura.group_member': GroupMemberTable
  'aura.assignment': AssignmentTable
  'aura.separation': SeparationTable
  'aura.act': ActTable
  'aura.approval': ApprovalTable
}

export type Db = Kysely<Schema>
