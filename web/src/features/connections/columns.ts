import type { Column } from '../../ui/data-table.tsx'
import { ago, bytes, count } from '../../ui/format.ts'
import type { ConnectionInfo } from '../../../../src/realtime/types.ts'
import { lagText, shortId, transportName } from './view.ts'

const milliseconds = (value: number | undefined): string => (value === undefined ? '–' : `${Math.round(value)}\u{a0}ms`)

/** `now` in ms since the epoch. */
export const connectionColumns = (now: () => number): readonly Column<ConnectionInfo>[] => [
  { id: 'id', header: 'Connection', cell: (row) => shortId(row.id), sort: (row) => row.id },
  { id: 'principal', header: 'Who', cell: (row) => row.principal, sort: (row) => row.principal },
  {
    id: 'transport',
    header: 'Transport',
    cell: (row) => `${transportName(row.transport)}, ${row.peer}`,
    sort: (row) => row.transport,
  },
  { id: 'since', header: 'Since', cell: (row) => ago(row.since, now()), sort: (row) => row.since },
  { id: 'rtt', header: 'Round trip', cell: (row) => milliseconds(row.rtt), sort: (row) => row.rtt, numeric: true },
  { id: 'lag', header: 'Lag', cell: lagText, sort: (row) => row.lag?.ms, numeric: true },
  {
    id: 'queue',
    header: 'Queue',
    cell: (row) => `${count(row.queue.depth)} (${bytes(row.queue.bytes)})`,
    sort: (row) => row.queue.bytes,
    numeric: true,
    minor: true,
  },
  { id: 'sent', header: 'Sent', cell: (row) => count(row.sent), sort: (row) => row.sent, numeric: true },
  { id: 'skipped', header: 'Skipped', cell: (row) => count(row.skipped), sort: (row) => row.skipped, numeric: true },
  {
    id: 'topics',
    header: 'Topics',
    cell: (row) => row.subscriptions.join(', ') || 'none',
    sort: (row) => row.subscriptions.length,
    minor: true,
  },
]
