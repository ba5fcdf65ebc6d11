import { table } from '../lib/table.ts'
import { createAudit } from '../../src/audit/index.ts'
import type { AuditEntry } from '../../src/audit/types.ts'
import { verifyChain } from '../../src/audit/verify.ts'
import type { Db } from '../../src/database/schema.ts'
import { quiet } from '../../tests/support/logger.ts'
import { startDatabase } from '../../tests/support/accounts.ts'
import type { Output } from '../lib/bench.ts'
import type { Section } from './section.ts'

const act = (i: number): AuditEntry => ({
  actor: { id: `u${i % 50}`, session: `s${i % 50}`, ip: `192.0.2.${i % 50}` },
  action: 'role.assign',
  object: `user:u${i}`,
  decision: 'allow',
  rule: 'role administrator allows role:assign on *',
  after: { role: 'operator', scope: '*' },
  requestId: `r${i}`,
})

/** Writes of `writers` that each wait for theirs before the next; per second, and how long one takes, ms. */
async function write(count: number, writers: number, one: (i: number) => Promise<unknown>) {
  const times: number[] = []
  let next = 0
  async function writer(): Promise<void> {
    while (next < count) {
      const begun = performance.now()
      await one(next++)
      times.push(performance.now() - begun)
    }
  }
  const begun = performance.now()
  await Promise.all(Array.from({ length: writers }, writer))
  const seconds = (performance.now() - begun) / 1000
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
  return { rate: count / seconds, p50: at(0.5), p99: at(0.99) }
}

async function checked(db: Db, output: Output): Promise<number> {
  output.progress('audit: the whole chain once more')
  const begun = performance.now()
  const { verified, broken } = await verifyChain(db)
  if (broken !== undefined) throw new Error(`the chain is broken at row ${broken.seq}: ${broken.what}`)
  return verified.seq / ((performance.now() - begun) / 1000)
}

/** Writes per second on the embedded database, each of them durable when it is told of, and the check of what came of it. */
export const audit: Section = async ({ count }, output) => {
  const writes = Math.max(2000, Math.floor(count / 50))
  await using database = await startDatabase()
  const { db } = database
  const log = await createAudit({ db, log: quiet, clock: Date.now })
  try {
    output.progress(`audit: ${writes} writes by 50 writers`)
    await write(500, 50, (i) => log.record(act(i)))
    const recorded = await write(writes, 50, (i) => log.record(act(i)))
    output.progress('audit: alone, and in transactions of changes')
    const alone = await write(writes / 10, 1, (i) => log.record(act(i)))
    const appended = await write(writes / 5, 5, (i) => db.transaction().execute((tx) => log.append(tx, act(i))))
    const perSecond = await checked(db, output)
    const row = (what: string, { rate, p50, p99 }: typeof alone): string[] => [
      what,
      rate.toFixed(0),
      p50.toFixed(1),
      p99.toFixed(1),
    ]
    output.print(
      `Writes to the audit log; the check reads ${perSecond.toFixed(0)} rows a second\n\n${table([
        ['', 'per second', 'p50 ms', 'p99 ms'],
        row('50 writers, by themselves', recorded),
        row('one writer', alone),
        row('5 writers, in the transaction of a change', appended),
      ])}`,
    )
    const reached = recorded.rate
    return [{ what: 'audit writes', target: '>= 500 /s', reached: `${reached.toFixed(0)} /s`, met: reached >= 500 }]
  } finally {
    await log.close()
  }
}
