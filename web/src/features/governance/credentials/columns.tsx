import { Show } from 'solid-js'
import type { SessionView, TokenView } from '../../../../../src/features/governance/credentials/contract.ts'
import { Badge } from '../../../ui/badge.tsx'
import type { Column } from '../../../ui/data-table.tsx'
import { ago } from '../../../ui/format.ts'
import { agentName } from '../../account/agent-name.ts'
import { tokenLife } from '../../token-columns.tsx'
import { nameOf } from '../words.ts'

type Names = () => Readonly<Record<string, string>> | undefined

/** What can be done with a row. */
interface Ending<Row> {
  readonly may: () => boolean
  readonly end: (row: Row) => void
}

/** `now` in ms since the epoch. */
export const sessionColumns = (
  now: () => number,
  names: Names,
  { may, end }: Ending<SessionView>,
): readonly Column<SessionView>[] => [
  { id: 'user', header: 'Who', cell: (row) => nameOf(names(), row.user), sort: (row) => nameOf(names(), row.user) },
  { id: 'agent', header: 'Browser', cell: (row) => <span title={row.agent}>{agentName(row.agent)}</span> },
  { id: 'ip', header: 'Address', cell: (row) => row.ip ?? '–', sort: (row) => row.ip },
  { id: 'method', header: 'By', cell: (row) => row.method, sort: (row) => row.method, minor: true },
  { id: 'created', header: 'Signed in', cell: (row) => ago(row.createdAt, now()), sort: (row) => row.createdAt },
  { id: 'seen', header: 'Last seen', cell: (row) => ago(row.lastSeenAt, now()), sort: (row) => row.lastSeenAt },
  { id: 'ends', header: 'Ends', cell: (row) => ago(row.expiresAt, now()), sort: (row) => row.expiresAt, minor: true },
  {
    id: 'end',
    header: 'End',
    cell: (row) => (
      <Show when={!row.current} fallback={<Badge tone="info">this one</Badge>}>
        <button type="button" class="button button-danger" disabled={!may()} onClick={() => end(row)}>
          End <span class="visually-hidden">the session of {nameOf(names(), row.user)}</span>
        </button>
      </Show>
    ),
  },
]

/** `now` in ms since the epoch. */
export const tokenColumns = (
  now: () => number,
  names: Names,
  { may, end }: Ending<TokenView>,
): readonly Column<TokenView>[] => [
  { id: 'name', header: 'Token', cell: (row) => row.name, sort: (row) => row.name },
  { id: 'user', header: 'Whose', cell: (row) => nameOf(names(), row.user), sort: (row) => nameOf(names(), row.user) },
  { id: 'scopes', header: 'May do', cell: (row) => row.scopes?.join(', ') ?? 'whatever its owner may' },
  ...tokenLife(now, end, may),
]
