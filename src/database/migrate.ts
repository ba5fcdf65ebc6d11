import { sql } from 'kysely'
import { Migrator, type MigrationResultSet } from 'kysely/migration'
import { StartError } from '../errors.ts'
import { migrations, type AuraMigration } from './migrations/index.ts'
import type { Db } from './schema.ts'

const schema = 'aura'
const table = 'migration'

/** Names in the database that this code does not know: a newer Aura was here. */
async function unknownMigrations(db: Db, known: readonly AuraMigration[]): Promise<string[]> {
  const exists = await sql<{ found: boolean }>`select to_regclass('aura.migration') is not null as found`.execute(db)
  if (exists.rows[0]?.found !== true) return []
  const { rows } = await sql<{ name: string }>`select name from aura.migration order by name`.execute(db)
  const names = new Set<string>(known.map(({ name }) => name))
  return rows.map(({ name }) => name).filter((name) => !names.has(name))
}

async function refuseNewer(db: Db, known: readonly AuraMigration[]): Promise<void> {
  const unknown = await unknownMigrations(db, known)
  if (unknown.length === 0) return
  throw new StartError(
    `the database was used by a newer Aura (it has ${unknown.join(', ')}): start that version, or restore a backup from before. Nothing was changed`,
  )
}

function explain(error: unknown, results: MigrationResultSet['results']): StartError {
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === '42501') {
    return new StartError(
      `the database user may not create what Aura needs (${message}): grant create on database … to that user, or let it own the database`,
      { cause: error },
    )
  }
  const what = failed === undefined ? 'the migrations' : `migration ${failed}`
  return new StartError(`${what} failed, and nothing was changed: ${message}`, { cause: error })
}

/**
 * Brings the schema to the newest version; names of the migrations that ran. Kysely takes a transaction-level
 * advisory lock, so of several processes that start together one migrates and the others wait, and it runs all of
 * them in one transaction, so a failure leaves the schema as it was.
 */
export async function migrate(db: Db, list: readonly AuraMigration[] = migrations): Promise<string[]> {
  await refuseNewer(db, list)
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(Object.fromEntries(list.map((each) => [each.name, each]))) },
    migrationTableSchema: schema,
    migrationTableName: table,
    migrationLockTableName: `${table}_lock`,
  })
  const { error, results } = await migrator.migrateToLatest()
  if (error === undefined) return (results ?? []).map(({ migrationName }) => migrationName)
  // The newer Aura may have come between our look and the lock.
  await refuseNewer(db, list)
  throw explain(error, results)
}
