import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as account from './account/contract.ts'
import * as alerts from './alerts/contract.ts'
import { ErrorAnswer } from './answers.ts'
import { DatabaseHealth } from './database/contract.ts'
import * as approvals from './governance/approvals/contract.ts'
import * as audit from './governance/audit/contract.ts'
import * as code from './governance/code/contract.ts'
import * as governance from './governance/contract.ts'
import * as credentials from './governance/credentials/contract.ts'
import { ModelsStatus } from './models/contract.ts'
import type { Wire } from './schemas.ts'
import { HistoryQuery, RangeQuery, SystemHistory, SystemMetrics } from './system/contract.ts'

const wire: Wire = {
  SystemMetrics,
  SystemHistory,
  HistoryQuery,
  RangeQuery,
  DatabaseHealth,
  ModelsStatus,
  ...alerts,
  ErrorAnswer,
  ...account,
  ...governance,
  ...approvals,
  ...audit,
  ...code,
  ...credentials,
}

/** `schemas.json`, made from the contracts. A test compares it with what is committed. */
export const generatedSchemas = (): string => `${JSON.stringify(wire, null, 2)}\n`

if (import.meta.main) writeFileSync(join(import.meta.dirname, 'schemas.json'), generatedSchemas())
