import type { AuditStatus } from '../../../../../src/features/governance/audit/contract.ts'
import type { Tone } from '../../../ui/badge.tsx'
import { ago } from '../../../ui/format.ts'

const numbers = new Intl.NumberFormat('en')
const seqText = (seq: number | undefined): string => (seq === undefined ? '?' : `#${numbers.format(seq)}`)

/** `verified to #12,345, checkpoint 3 min ago`, or the first broken row; `now` in ms since the epoch. */
export function verifyText(status: AuditStatus, now: number): { readonly tone: Tone; readonly text: string } {
  const { state, verifiedTo, brokenAt, reason, checkpoint } = status
  const signed = checkpoint === undefined ? 'no checkpoint yet' : `checkpoint ${ago(checkpoint.at, now)}`
  switch (state) {
    case 'broken':
      return { tone: 'critical', text: `broken at ${seqText(brokenAt)}${reason === undefined ? '' : `: ${reason}`}` }
    case 'running':
      return { tone: 'info', text: 'being verified' }
    case 'verified':
      return { tone: 'ok', text: `verified to ${seqText(verifiedTo)}, ${signed}` }
    default:
      return { tone: 'neutral', text: `not verified since the start, ${signed}` }
  }
}
