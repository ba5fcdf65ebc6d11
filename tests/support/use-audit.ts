import { afterAll, beforeAll, beforeEach } from 'vitest'
import { entry, startAudit, superuserOf, type AuditBench, type Superuser } from './audit.ts'

/** An audit log on a database for all tests of a file, and its superuser; each test begins with `rows` rows. */
export function useAudit(rows: number): { readonly bench: () => AuditBench; readonly superuser: () => Superuser } {
  let bench: AuditBench
  let superuser: Superuser
  beforeAll(async () => {
    bench = await startAudit()
    superuser = await superuserOf(bench)
  }, 60_000)
  afterAll(async () => {
    await superuser[Symbol.asyncDispose]()
    await bench[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    const audit = await bench.create()
    await superuser.tamper('delete from audit.log')
    for (let i = 0; i < rows; i++) await audit.record(entry({ object: `user:${i}` }))
  })
  return { bench: () => bench, superuser: () => superuser }
}
