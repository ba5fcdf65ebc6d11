import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAudit, type AuditDeps, type RunningAudit } from '../../src/audit/index.ts'
import type { AuditEntry } from '../../src/audit/types.ts'
import { openDatabase, type Database } from '../../src/database/index.ts'
import { quiet } from './logger.ts'
import { embedded } from './run-aura.ts'

/** An audit log on a real PostgreSQL. */
export interface AuditBench extends AsyncDisposable {
  readonly database: Database
  readonly dataDir: string
  create(more?: Partial<AuditDeps>): Promise<RunningAudit>
}

export async function startAudit(): Promise<AuditBench> {
  const dataDir = mkdtempSync(join(tmpdir(), 'aura-audit-'))
  chmodSync(dataDir, 0o755)
  const database = await openDatabase(embedded(dataDir, { poolSize: 10 }), quiet)
  const open = new Set<RunningAudit>()
  return {
    database,
    dataDir,
    async create(more = {}) {
      const audit = await createAudit({ db: database.db, log: quiet, clock: Date.now, ...more })
      open.add(audit)
      return audit
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...open].map((audit) => audit.close()))
      await database.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Some act of somebody. */
export const entry = (more: Partial<AuditEntry> = {}): AuditEntry => ({
  actor: { id: 'u1', session: 's1', ip: '192.0.2.1' },
  action: 'role.assign',
  object: 'user:u2',
  decision: 'allow',
  ...more,
})
