import { createHash } from 'node:crypto'
import { canonicalJson } from '../audit/canonical.ts'
import type { Json } from '../audit/types.ts'

/** All that an approver agrees to. */
export interface Bound {
  readonly type: string
  readonly args: Json
  readonly requestedBy: string
  readonly policyVersion: number
}

/** SHA-256, hex, over a domain prefix and the canonical JSON of what is bound. */
export function approvalHash({ type, args, requestedBy, policyVersion }: Bound): string {
  const text = canonicalJson({ args, policyVersion, requestedBy, type })
  return createHash('sha256').update('approval/v1\0').update(text).digest('hex')
}
