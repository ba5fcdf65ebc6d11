import { expect, it } from 'vitest'
import type { ApprovalView } from '../../../src/features/governance/approvals/contract.ts'
import { countdown, shortHash, whyNotApprove } from '../../../web/src/features/governance/approvals/words.ts'

const approval: ApprovalView = {
  id: '1',
  type: 'model.delete',
  args: {},
  summary: 'Delete model x',
  object: 'model:x',
  hash: 'a'.repeat(64),
  state: 'pending',
  requestedBy: 'ada',
  requestedAt: 0,
  reason: 'old',
  expiresAt: 60_000,
  mine: false,
  mayApprove: true,
}

it('counts down while it waits, and no longer', () => {
  expect(countdown(approval, 0)).toBe('expires in 1\u{a0}min')
  expect(countdown(approval, 59_500)).toBe('expires in 1\u{a0}s')
  expect(countdown(approval, 60_000)).toBe('expires at any moment')
  expect(countdown({ ...approval, state: 'done' }, 0)).toBeUndefined()
})

it('shows beginning and end of a hash', () => {
  expect(shortHash(`${'a'.repeat(32)}${'b'.repeat(32)}`)).toBe('aaaaaaaa…bbbbbbbb')
  expect(shortHash('abc')).toBe('abc')
})

it('says why one may not approve: first of all that one asked oneself', () => {
  expect(whyNotApprove(approval)).toBeUndefined()
  expect(whyNotApprove({ ...approval, mine: true, mayApprove: true })).toMatch(/second person/)
  expect(whyNotApprove({ ...approval, mayApprove: false, because: 'You do not hold it' })).toBe('You do not hold it')
  expect(whyNotApprove({ ...approval, mayApprove: false })).toBe('You may not approve this.')
  expect(whyNotApprove({ ...approval, state: 'done', mine: true })).toBeUndefined()
})
