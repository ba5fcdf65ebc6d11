import { createAudit } from '../../src/audit/index.ts'
import { createPool } from '../../src/database/pool.ts'
import { quiet } from './logger.ts'

/*
 * Writes to the audit log as fast as it can until it is killed, and says after each write which row it became.
 * `audit-writer.ts URL`
 */

const { db } = createPool(process.argv[2] ?? '', 5, quiet)
const audit = await createAudit({ db, log: quiet, clock: Date.now })

async function write(writer: number): Promise<never> {
  for (let i = 0; ; i++) {
    const act = { actor: { id: `writer${writer}` }, action: 'role.assign', decision: 'allow', after: { i } } as const
    const seq =
      writer % 2 === 0 ? await audit.record(act) : await db.transaction().execute((tx) => audit.append(tx, act))
    process.stdout.write(`${seq}\n`)
  }
}

await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)))
