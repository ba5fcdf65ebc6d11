import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Policy } from '../auth/policy/types.ts'
import { canonicalJson } from './canonical.ts'
import type { Audit, Json } from './types.ts'

/** SHA-256, hex, over the canonical JSON of a policy. */
export const policyHash = (policy: Policy): string =>
  createHash('sha256')
    .update('policy/v1\0')
    .update(canonicalJson(JSON.parse(JSON.stringify(policy)) as Json))
    .digest('hex')

/** Puts into the log that Aura started, which one, and with what policy; and, when the app closes, that it stopped. */
export async function recordLifecycle(
  app: FastifyInstance,
  {
    audit,
    policy,
    version,
  }: { readonly audit: Pick<Audit, 'record'>; readonly policy: Policy; readonly version: string },
): Promise<void> {
  const about = { actor: { id: 'system' }, decision: 'none' } as const
  const after = { version, node: process.version, policyVersion: policy.version, policyHash: policyHash(policy) }
  await audit.record({ ...about, action: 'aura.start', after })
  app.addHook('onClose', async () => {
    await audit
      .record({ ...about, action: 'aura.stop' })
      .catch((err: unknown) => app.log.error({ err }, 'that Aura stopped could not be put into the audit log'))
  })
}
