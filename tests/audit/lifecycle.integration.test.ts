import { fastify } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { policyHash, recordLifecycle } from '../../src/audit/lifecycle.ts'
import type { Policy } from '../../src/auth/policy/types.ts'
import { startAudit, type AuditBench } from '../support/audit.ts'

let bench: AuditBench
beforeAll(async () => void (bench = await startAudit()), 60_000)
afterAll(() => bench[Symbol.asyncDispose]())

const policy: Policy = { version: 7, roles: [], assignments: [], groups: [], separations: [] }

test('start and stop are in the log, with version and policy', async () => {
  const audit = await bench.create()
  const app = fastify()
  // As at the composition root: the log is closed after what is written last.
  app.addHook('onClose', () => audit.close())
  await recordLifecycle(app, { audit, policy, version: '1.2.3' })
  await app.ready()
  await app.close()
  const rows = await bench.database.db.selectFrom('audit.log').select('body').orderBy('seq').execute()
  expect(rows.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
    {
      action: 'aura.start',
      actor: 'system',
      after: { version: '1.2.3', policyVersion: 7, policyHash: policyHash(policy) },
    },
    { action: 'aura.stop', actor: 'system' },
  ])
  expect(policyHash({ ...policy, groups: [{ id: 'g', name: 'g', members: [] }] })).not.toBe(policyHash(policy))
})
