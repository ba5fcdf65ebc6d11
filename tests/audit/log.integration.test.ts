import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { canonicalJson } from '../../src/audit/canonical.ts'
import { chainHash, genesis } from '../../src/audit/chain.ts'
import type { AuditRow } from '../../src/audit/types.ts'
import { startAudit, entry, type AuditBench } from '../support/audit.ts'

let bench: AuditBench
beforeAll(async () => void (bench = await startAudit()), 60_000)
afterAll(() => bench[Symbol.asyncDispose]())

const rows = () => bench.database.db.selectFrom('audit.log').selectAll().orderBy('seq').execute()
let before = 0
beforeEach(async () => void (before = (await rows()).length))

/** Recomputes the whole chain, from nothing. */
async function linear(): Promise<number> {
  let previous = genesis
  let seq = 0
  for (const row of await rows()) {
    expect(Number(row.seq)).toBe(++seq)
    expect(row.prev_hash).toEqual(previous)
    expect(canonicalJson(JSON.parse(row.body))).toBe(row.body)
    previous = chainHash(previous, row.body)
    expect(row.hash).toEqual(previous)
  }
  return seq
}

test('50 writers at the same time, of both kinds, make one chain', async () => {
  const audit = await bench.create()
  const { db } = bench.database
  const acts = Array.from({ length: 50 }, (_, i) =>
    i % 2 === 0
      ? audit.record(entry({ object: `user:${i}` }))
      : db.transaction().execute((tx) => audit.append(tx, entry({ object: `user:${i}` }))),
  )
  const seqs = await Promise.all(acts)
  expect(new Set(seqs).size).toBe(50)
  expect(await linear()).toBe(before + 50)
})

test('a change that is rolled back leaves neither a row nor a hole', async () => {
  const audit = await bench.create()
  await audit.record(entry())
  const failed = bench.database.db.transaction().execute(async (tx) => {
    await audit.append(tx, entry({ object: 'user:nobody' }))
    throw new Error('changed my mind')
  })
  await expect(failed).rejects.toThrow('changed my mind')
  await audit.record(entry())
  expect(await linear()).toBe(before + 2)
})

test('followers hear of rows once they are committed, in order, from other processes too', async () => {
  const here = await bench.create()
  const elsewhere = await bench.create()
  const heard: AuditRow[] = []
  here.follow((row) => heard.push(row))
  await here.record(entry({ action: 'session.create' }))
  await elsewhere.record(entry({ action: 'user.create', after: { name: 'line\n\u0000=cmd|x', nested: [1, null] } }))
  await expect.poll(() => heard.length, { timeout: 5000 }).toBe(2)
  expect(heard.map(({ action }) => action)).toEqual(['session.create', 'user.create'])
  expect(heard[1]?.after).toEqual({ name: 'line\n\u0000=cmd|x', nested: [1, null] })
})

test('an address is not in the chain, and erasing it breaks nothing', async () => {
  const audit = await bench.create()
  await audit.record(entry({ actor: { id: 'ann', ip: '203.0.113.77' } }))
  await audit.record(entry({ actor: { id: 'ann', ip: '203.0.113.77' } }))
  const [a, b] = (await rows()).slice(-2).map(({ body }) => JSON.parse(body) as { ip: string })
  expect(a?.ip).toBe(b?.ip)
  expect((await rows()).some(({ body }) => body.includes('203.0.113'))).toBe(false)
  await bench.database.db.deleteFrom('aura.audit_address').where('actor', '=', 'ann').execute()
  await linear()
})

test('a clock that was set back changes nothing', async () => {
  const audit = await bench.create({ clock: () => Date.parse('2020-01-01') })
  await audit.record(entry())
  await linear()
})

test('what cannot be written is refused, and takes nothing else along', async () => {
  const audit = await bench.create()
  const acts = [audit.record(entry()), audit.record(entry({ after: { ratio: 0.5 } })), audit.record(entry())]
  const outcomes = await Promise.allSettled(acts)
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(await linear()).toBe(before + 2)
})

describe('Aura’s own role', () => {
  test.each([
    `update audit.log set action = 'x'`,
    'delete from audit.log',
    'truncate audit.log',
    'drop table audit.log',
    'drop schema audit cascade',
    'alter table audit.log disable trigger unchanged',
    'alter table audit.log disable trigger all',
    'alter table audit.log owner to aura',
    'drop trigger uncut on audit.log',
    `create or replace function audit.refuse() returns trigger language plpgsql as 'begin return old; end'`,
    'set role aura_audit',
    'grant aura_audit to aura',
    `insert into audit.boundary (seq, hash, time, signature) values (1, '', '', '')`,
    'delete from audit.boundary',
    `select audit.cut(seq, hash, '', '') from audit.log limit 1`,
    'create rule hide as on insert to audit.log do instead nothing',
  ])('may not %s', async (statement) => {
    await expect(sql.raw(statement).execute(bench.database.db)).rejects.toMatchObject({ code: '42501' })
  })
})
