import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openSigner } from '../../src/audit/checkpoints.ts'
import { createKeeper, type Keeper } from '../../src/audit/keeper.ts'
import { rotateKey } from '../../src/audit/keys.ts'
import { entry, startAudit, superuserOf, type AuditBench, type Superuser } from '../support/audit.ts'
import { quiet } from '../support/logger.ts'

const day = 86_400_000

let bench: AuditBench
let superuser: Superuser
let folder: string
let now: number
const keepers: Keeper[] = []
beforeAll(async () => {
  bench = await startAudit()
  superuser = await superuserOf(bench)
}, 60_000)
afterAll(async () => {
  await superuser[Symbol.asyncDispose]()
  await bench[Symbol.asyncDispose]()
})

const keep = (retention: number | undefined): Keeper => {
  const keeper = createKeeper({
    db: bench.database.db,
    signer: openSigner(folder),
    deliveries: [],
    log: quiet,
    clock: () => now,
    checkpointInterval: 3_600_000,
    verifyInterval: 3_600_000,
    retention,
  })
  keepers.push(keeper)
  return keeper
}
/** Rows of so many days ago, from addresses of their own. */
async function written(count: number, daysAgo: number): Promise<void> {
  now = Date.now() - daysAgo * day
  const audit = await bench.create({ clock: () => now })
  for (let i = 0; i < count; i++) {
    await audit.record(entry({ actor: { id: `u${i}`, ip: `192.0.2.${daysAgo}` } }))
  }
}
const seqs = async (): Promise<number[]> => {
  const rows = await bench.database.db.selectFrom('audit.log').select('seq').orderBy('seq').execute()
  return rows.map(({ seq }) => Number(seq))
}
const cut = (seq: number) =>
  sql.raw(`select audit.cut(seq, hash, '', '') from audit.log where seq = ${seq}`).execute(bench.database.db)
const addresses = async (): Promise<string[]> => {
  const rows = await bench.database.db.selectFrom('aura.audit_address').select('ip').distinct().orderBy('ip').execute()
  return rows.map(({ ip }) => ip)
}

beforeEach(async () => {
  await superuser.client.query(`
    alter table audit.log disable trigger all; alter table audit.boundary disable trigger all;
    delete from audit.log; delete from audit.boundary; delete from aura.audit_address;
    alter table audit.log enable always trigger unchanged; alter table audit.boundary enable always trigger unchanged`)
  folder = mkdtempSync(join(tmpdir(), 'aura-retention-'))
  // Rows 1 to 5, signed; 6 to 8, not signed by themselves; 9 and 10, young.
  await written(5, 40)
  await keep(undefined).checkpoint()
  await written(3, 30)
  await written(2, 1)
  now = Date.now()
})
afterEach(async () => {
  for (const keeper of keepers.splice(0)) await keeper.close()
  rmSync(folder, { recursive: true, force: true })
})

test('old rows go up to a checkpoint, with their addresses; the chain goes on, and the cut is in it', async () => {
  const keeper = keep(20 * day)
  expect(await addresses()).toEqual(['192.0.2.1', '192.0.2.30', '192.0.2.40'])
  expect(await keeper.cut()).toBe(5)
  expect(await seqs()).toEqual([6, 7, 8, 9, 10, 11])
  expect(await addresses()).toEqual(['192.0.2.1', '192.0.2.30'])
  expect(await keeper.verify()).toMatchObject({ state: 'verified', verifiedTo: 11, broken: undefined })
  const last = await bench.database.db
    .selectFrom('audit.log')
    .select('action')
    .orderBy('seq', 'desc')
    .executeTakeFirst()
  expect(last?.action).toBe('audit.cut')
  expect(await keeper.cut()).toBe(0)
  // Another process, and another key.
  rotateKey(folder)
  expect(await keep(undefined).verify()).toMatchObject({ state: 'verified', verifiedTo: 11 })
  expect((await keep(undefined).checkpoint())?.seq).toBe(11)
})

test('without a retention nothing goes, nor where no checkpoint is old enough', async () => {
  expect(await keep(undefined).cut()).toBe(0)
  expect(await keep(45 * day).cut()).toBe(0)
  expect(await seqs()).toHaveLength(10)
})

test('a chain that was changed is not cut: it is evidence', async () => {
  await superuser.tamper(`update audit.log set actor = 'x' where seq = 3`)
  expect(await keep(20 * day).cut()).toBe(0)
  expect(await seqs()).toHaveLength(10)
})

test('Aura’s own role can cut nothing young, nothing that is not there, and not all', async () => {
  await expect(cut(9)).rejects.toThrow('cannot be cut there')
  await expect(cut(10)).rejects.toThrow('cannot be cut there')
  expect(await seqs()).toHaveLength(10)
})

test('a cut that nobody signed is found', async () => {
  await cut(8)
  expect((await keep(undefined).verify()).broken).toEqual({
    seq: 1,
    what: 'rows up to 8 were cut off at a place that was not signed',
  })
})

test('a row that is missing after the cut is found', async () => {
  const keeper = keep(20 * day)
  await keeper.cut()
  await superuser.tamper('delete from audit.log where seq = 6')
  expect((await keeper.verify()).broken).toEqual({ seq: 6, what: 'a row is missing' })
})
