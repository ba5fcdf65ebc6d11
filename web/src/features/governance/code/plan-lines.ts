import type { RolesPlan } from '../../../../../src/features/governance/code/contract.ts'

export type Change = RolesPlan['changes'][number]

/** One line of a diff. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

const linesOf = (value: unknown): readonly string[] =>
  value === undefined ? [] : (JSON.stringify(value, undefined, 2) ?? '').split('\n')

/** Lengths of the longest common subsequences of the ends of two lists. */
function commonLengths(left: readonly string[], right: readonly string[]): readonly number[][] {
  const table = Array.from({ length: left.length + 1 }, () => Array.from({ length: right.length + 1 }, () => 0))
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const [down, across, both] = [table[i + 1]?.[j] ?? 0, table[i]?.[j + 1] ?? 0, table[i + 1]?.[j + 1] ?? 0]
      const row = table[i]
      if (row !== undefined) row[j] = left[i] === right[j] ? both + 1 : Math.max(down, across)
    }
  }
  return table
}

/** More lines than that are told as all removed and all added: comparing takes time in their square. */
const most = 600

/** What has to be removed and added to make one list of lines of another, removals first. */
export function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const as = (kind: DiffLine['kind']) => (text: string) => ({ kind, text })
  if (before.length > most || after.length > most) return [...before.map(as('removed')), ...after.map(as('added'))]
  const common = commonLengths(before, after)
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < before.length || j < after.length) {
    const [left, right] = [before[i], after[j]]
    if (left !== undefined && left === right) {
      lines.push({ kind: 'same', text: left })
      i++
      j++
    } else if (left !== undefined && (right === undefined || (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0))) {
      lines.push({ kind: 'removed', text: left })
      i++
    } else if (right !== undefined) {
      lines.push({ kind: 'added', text: right })
      j++
    }
  }
  return lines
}

/** A change as a diff of what is and what is to be. */
export const changeLines = ({ before, after }: Change): readonly DiffLine[] =>
  diffLines(linesOf(before), linesOf(after))

/** `2 to create, 1 to change, none to delete`. */
export function planSummary(changes: readonly Change[]): string {
  const count = (op: Change['op']) => changes.filter((change) => change.op === op).length || 'none'
  return `${count('create')} to create, ${count('update')} to change, ${count('delete')} to delete`
}
