import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { createAudit, type AuditDeps, type RunningAudit } from '../../src/audit/index.ts'
import type { AuditEntry } from '../../src/audit/types.ts'
import { urlFor } from '../../src/database/embedded/bootstrap.ts'
import { readCredentials } from '../../src/database/embedded/credentials.ts'
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

/** Somebody with the keys to everything. */
export interface Superuser extends AsyncDisposable {
  readonly client: Client
  /** Runs a statement with the log's triggers off. */
  tamper(statement: string): Promise<void>
}

export async function superuserOf({ dataDir }: Pick<AuditBench, 'dataDir'>): Promise<Superuser> {
  const credentials = readCredentials(join(dataDir, 'postgres'))
  if (credentials === undefined) throw new Error('the cluster has no credentials')
  const client = new Client({ connectionString: urlFor('postgres', credentials) })
  await client.connect()
  return {
    client,
    async tamper(statement) {
      await client.query('alter table audit.log disable trigger all')
      await client.query(statement)
      await client.query('alter table audit.log enable always trigger unchanged, enable always trigger uncut')
    },
    [Symbol.asyncDispose]: () => client.end(),
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
