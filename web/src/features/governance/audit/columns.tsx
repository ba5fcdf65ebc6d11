import type { AuditRowView } from '../../../../../src/features/governance/audit/contract.ts'
import { Badge, type Tone } from '../../../ui/badge.tsx'
import type { Column } from '../../../ui/data-table.tsx'
import { clock } from '../../../ui/format.ts'
import { short } from '../words.ts'

/** Decisions in words, with how they look. */
export const decisions: Readonly<Record<AuditRowView['decision'], { readonly word: string; readonly tone: Tone }>> = {
  allow: { word: 'allowed', tone: 'ok' },
  deny: { word: 'denied', tone: 'critical' },
  none: { word: 'noted', tone: 'neutral' },
}

type Names = () => Readonly<Record<string, string>>

/** An actor by name; programs of Aura itself are their own name. */
export const actorName = ({ actor }: AuditRowView, names: Readonly<Record<string, string>>): string =>
  actor.name ?? names[actor.id] ?? short(actor.id)

/** Few and fixed in width: hundreds of rows may come within seconds. */
export const auditColumns = (names: Names, open: (row: AuditRowView) => void): readonly Column<AuditRowView>[] => [
  {
    id: 'seq',
    header: 'Row',
    cell: (row) => (
      <button type="button" class="button-quiet audit-open" onClick={() => open(row)}>
        #{row.seq}
      </button>
    ),
  },
  { id: 'ts', header: 'When', cell: (row) => clock(row.ts) },
  { id: 'actor', header: 'Who', cell: (row) => <span title={row.actor.id}>{actorName(row, names())}</span> },
  { id: 'action', header: 'Action', cell: (row) => <code>{row.action}</code> },
  {
    id: 'decision',
    header: 'Decision',
    cell: (row) => <Badge tone={decisions[row.decision].tone}>{decisions[row.decision].word}</Badge>,
  },
  {
    id: 'object',
    header: 'Object',
    minor: true,
    cell: (row) => (
      <span class="audit-cut" title={row.object}>
        {row.object ?? '–'}
      </span>
    ),
  },
  {
    id: 'rule',
    header: 'Why',
    minor: true,
    cell: (row) => (
      <span class="audit-cut" title={row.rule}>
        {row.rule ?? '–'}
      </span>
    ),
  },
]
