import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyChain } from '../../src/audit/verify.ts'
import { urlFor } from '../../src/database/embedded/bootstrap.ts'
import { readCredentials } from '../../src/database/embedded/credentials.ts'
import { entry, startAudit, type AuditBench } from '../support/audit.ts'

let bench: AuditBench
beforeAll(async () => void (bench = await startAudit()), 60_000)
afterAll(() => bench[Symbol.asyncDispose]())

const program = join(import.meta.dirname, '../support/audit-writer.ts')

/** Lets a process write and kills it in the middle; the rows that it knew of. */
async function killedAfter(writes: number): Promise<number[]> {
  const credentials = readCredentials(join(bench.dataDir, 'postgres'))
  if (credentials === undefined) throw new Error('the cluster has no credentials')
  const child = spawn(process.execPath, [program, urlFor('aura', credentials)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const seqs: number[] = []
  for await (const line of createInterface(child.stdout)) {
    seqs.push(Number(line))
    if (seqs.length === writes) child.kill('SIGKILL')
  }
  expect(await exited).toEqual([null, 'SIGKILL'])
  return seqs
}

test('kill -9 in the middle of writes: what was told of is there, the chain is whole, and it goes on', async () => {
  const { db } = bench.database
  for (const writes of [1, 40, 200]) {
    const told = await killedAfter(writes)
    const rows = await db.selectFrom('audit.log').select('seq').execute()
    const there = new Set(rows.map(({ seq }) => Number(seq)))
    expect(told.filter((seq) => !there.has(seq))).toEqual([])
    expect(new Set(told).size).toBe(told.length)
  }
  // The server may still be busy with the last words of the dead.
  const audit = await bench.create()
  const next = await audit.record(entry())
  expect(await verifyChain(db)).toMatchObject({ verified: { seq: next }, broken: undefined })
})
