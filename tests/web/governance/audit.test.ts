import { expect, it } from 'vitest'
import type { AuditRowView } from '../../../src/features/governance/audit/contract.ts'
import { filterQuery, isFiltered, matches, readFilters } from '../../../web/src/features/governance/audit/filters.ts'
import { mergeRows, nameless, namesIn } from '../../../web/src/features/governance/audit/rows.ts'
import { verifyText } from '../../../web/src/features/governance/audit/verify-text.ts'
import { withQuery } from '../../../web/src/account/request.ts'

const ada = '6fb01fbb-b174-4a5f-82c5-0fc0b7391b7d'
const row = (seq: number, more: Partial<AuditRowView> = {}): AuditRowView => ({
  seq,
  ts: seq * 1000,
  actor: { id: ada },
  action: 'role.update',
  object: 'role:viewer',
  decision: 'allow',
  prevHash: '',
  hash: '',
  ...more,
})

it('reads filters out of an address, and leaves out what makes no sense', () => {
  const read = readFilters({
    action: ' role.* ',
    decision: 'perhaps',
    from: 'yesterday',
    until: '5',
    q: '',
    other: 'x',
  })
  expect(read).toEqual({ action: 'role.*', until: 5 })
  expect(readFilters({ decision: 'deny' })).toEqual({ decision: 'deny' })
  expect([isFiltered(read), isFiltered({})]).toEqual([true, false])
})

it('writes them into one, those that are absent as gone', () => {
  expect(withQuery('/x', filterQuery({ action: 'a&b', from: 0 }))).toBe('/x?action=a%26b&from=0')
  expect(filterQuery({})).toHaveProperty('action', undefined)
})

it.each([
  [{}, true],
  [{ action: 'role.update' }, true],
  [{ action: 'role.*' }, true],
  [{ action: 'role' }, false],
  [{ object: 'role:*' }, true],
  [{ object: 'model:*' }, false],
  [{ decision: 'deny' }, false],
  [{ actor: 'somebody' }, false],
  [{ from: 7000 }, true],
  [{ from: 7001 }, false],
  [{ until: 7000 }, false],
  [{ requestId: 'r1' }, false],
  [{ q: 'VIEWER' }, true],
  [{ q: 'nothing' }, false],
] as const)('a live row under %o: %s', (filters, belongs) => {
  expect(matches(filters, row(7))).toBe(belongs)
})

it('takes free text as text, with its quotes', () => {
  expect(matches({ q: 'say "yes"' }, row(1, { rule: 'he did say "yes" to it' }))).toBe(true)
})

it('merges pages and live rows: newest first, each once, the older ones dropped beyond what is kept', () => {
  const known = [row(3), row(2), row(1)]
  expect(mergeRows(known, [row(4), row(3)], 10).map(({ seq }) => seq)).toEqual([4, 3, 2, 1])
  expect(mergeRows(known, [row(5), row(4)], 3).map(({ seq }) => seq)).toEqual([5, 4, 3])
  expect(mergeRows(known, [], 3)).toBe(known)
})

it('keeps the row that knows a name, and the very object of one that has not changed', () => {
  const named = row(1, { actor: { id: ada, name: 'Ada' } })
  const merged = mergeRows([named, row(0)], [row(1), row(2)], 10)
  expect(merged[1]).toBe(named)
})

it('learns names from rows, and knows whom to ask about', () => {
  const names = namesIn({}, [row(1, { actor: { id: ada, name: 'Ada' } }), row(2, { actor: { id: 'system' } })])
  expect(names).toEqual({ [ada]: 'Ada' })
  expect(nameless({}, [row(1), row(2), row(3, { actor: { id: 'system' } })])).toEqual([ada])
  expect(nameless(names, [row(1)])).toEqual([])
})

it('says how far the chain was verified, and the first broken row in red', () => {
  const now = 1_000_000
  const checkpoint = { seq: 12_300, at: now - 180_000 }
  expect(verifyText({ state: 'verified', newest: 12_345, verifiedTo: 12_345, checkpoint }, now)).toEqual({
    tone: 'ok',
    text: 'verified to #12,345, checkpoint 3\u{a0}min ago',
  })
  expect(verifyText({ state: 'broken', newest: 9, brokenAt: 7, reason: 'its hash differs' }, now)).toEqual({
    tone: 'critical',
    text: 'broken at #7: its hash differs',
  })
  expect(verifyText({ state: 'unverified', newest: 9 }, now).text).toBe(
    'not verified since the start, no checkpoint yet',
  )
})
