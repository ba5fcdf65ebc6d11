import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { createPool } from '../../src/database/pool.ts'
import { quiet } from '../support/logger.ts'
import { startPostgres } from '../support/postgres.ts'

test('a connection cut between two statements of a transaction fails that transaction, and nothing else', async () => {
  const postgres = await startPostgres(18)
  onTestFinished(() => postgres[Symbol.asyncDispose]())
  const pool = createPool(postgres.urlOf('postgres'), 2, quiet)
  onTestFinished(() => pool.close())
  const cut = pool.db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
    await postgres.admin(`select pg_terminate_backend(${rows[0]?.pid})`)
    // An error that nobody listens for would end the process about now.
    await sleep(500)
    await sql`select 1`.execute(tx)
  })
  await expect(cut).rejects.toThrow()
  await expect(pool.ping(5000)).resolves.toBeUndefined()
})
