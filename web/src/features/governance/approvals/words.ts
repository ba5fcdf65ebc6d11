import type { ApprovalView } from '../../../../../src/features/governance/approvals/contract.ts'
import type { Tone } from '../../../ui/badge.tsx'
import { duration } from '../../../ui/format.ts'

type State = ApprovalView['state']

/** States in words, with how they look. */
export const states: Readonly<Record<State, { readonly word: string; readonly tone: Tone }>> = {
  pending: { word: 'waits', tone: 'warning' },
  approved: { word: 'approved', tone: 'info' },
  running: { word: 'running', tone: 'info' },
  done: { word: 'done', tone: 'ok' },
  failed: { word: 'failed', tone: 'critical' },
  refused: { word: 'refused', tone: 'critical' },
  expired: { word: 'expired', tone: 'neutral' },
  withdrawn: { word: 'withdrawn', tone: 'neutral' },
}

/** How long a request is still good: `expires in 59 min 12 s`; times in ms since the epoch. */
export function countdown(
  { expiresAt, state }: Pick<ApprovalView, 'expiresAt' | 'state'>,
  now: number,
): string | undefined {
  if (state !== 'pending') return undefined
  const left = Math.ceil((expiresAt - now) / 1000)
  return left <= 0 ? 'expires at any moment' : `expires in ${duration(left)}`
}

/** Beginning and end of a hash: enough to compare by eye. */
export const shortHash = (hash: string): string => (hash.length > 20 ? `${hash.slice(0, 8)}…${hash.slice(-8)}` : hash)

/** Why one may not approve it, in words; undefined when one may, or there is nothing to approve. */
export function whyNotApprove({ state, mine, mayApprove, because }: ApprovalView): string | undefined {
  if (state !== 'pending') return undefined
  if (mine) return 'You asked for this yourself; a second person must approve it.'
  return mayApprove ? undefined : (because ?? 'You may not approve this.')
}
