import type { AuditRowView } from '../../../../../src/features/governance/audit/contract.ts'

/** Rows of both lists, newest first, each once, at most `most`; one with a name is preferred to one without. */
export function mergeRows(
  known: readonly AuditRowView[],
  more: readonly AuditRowView[],
  most: number,
): readonly AuditRowView[] {
  if (more.length === 0) return known
  const bySeq = new Map(known.map((row) => [row.seq, row]))
  for (const row of more) if (bySeq.get(row.seq)?.actor.name === undefined) bySeq.set(row.seq, row)
  return [...bySeq.values()].toSorted((left, right) => right.seq - left.seq).slice(0, most)
}

/** Names of actors as rows tell them; live rows tell none. */
export function namesIn(
  known: Readonly<Record<string, string>>,
  rows: readonly AuditRowView[],
): Readonly<Record<string, string>> {
  const told = rows.flatMap(({ actor }) => (actor.name === undefined ? [] : [[actor.id, actor.name] as const]))
  return told.length === 0 ? known : { ...known, ...Object.fromEntries(told) }
}

/** Ids of users among the actors of rows who have no name yet. Others, such as `system`, are their own name. */
export function nameless(names: Readonly<Record<string, string>>, rows: readonly AuditRowView[]): readonly string[] {
  const ids = rows.map(({ actor }) => actor.id).filter((id) => names[id] === undefined && /^[0-9a-f-]{36}$/.test(id))
  return [...new Set(ids)]
}
