import type { DatabaseHealth } from '../../../../src/features/database/contract.ts'
import type { Column } from '../../ui/data-table.tsx'
import { bytes, count, duration, percent } from '../../ui/format.ts'
import { deadShare, meanSeconds, type BlockingRow } from './database-view.ts'

type Database = DatabaseHealth['databases'][number]
type Statement = DatabaseHealth['statements'][number]
type Table = DatabaseHealth['tables'][number]
type Transaction = DatabaseHealth['longTransactions'][number]

export const databaseColumns: readonly Column<Database>[] = [
  { id: 'name', header: 'Database', cell: (row) => row.name, sort: (row) => row.name },
  { id: 'bytes', header: 'Size', cell: (row) => bytes(row.bytes), sort: (row) => row.bytes, numeric: true },
  {
    id: 'connections',
    header: 'Connections',
    cell: (row) => count(row.connections),
    sort: (row) => row.connections,
    numeric: true,
  },
  {
    id: 'xid',
    header: 'Age of oldest transaction id',
    cell: (row) => count(row.xidAge),
    sort: (row) => row.xidAge,
    numeric: true,
    minor: true,
  },
]

export const blockingColumns: readonly Column<BlockingRow>[] = [
  { id: 'blocked', header: 'Waits', cell: (row) => `process ${row.blocked}`, sort: (row) => row.blocked },
  { id: 'blocking', header: 'For', cell: (row) => `process ${row.blocking}`, sort: (row) => row.blocking },
  {
    id: 'root',
    header: 'Behind it all',
    cell: (row) => `process ${row.root}${row.depth > 1 ? ` (${row.depth} waits away)` : ''}`,
    sort: (row) => row.root,
  },
  { id: 'seconds', header: 'Since', cell: (row) => duration(row.seconds), sort: (row) => row.seconds, numeric: true },
  { id: 'database', header: 'Database', cell: (row) => row.database, sort: (row) => row.database, minor: true },
  { id: 'user', header: 'User', cell: (row) => row.user ?? '–', sort: (row) => row.user, minor: true },
]

export const transactionColumns: readonly Column<Transaction>[] = [
  { id: 'database', header: 'Database', cell: (row) => row.database, sort: (row) => row.database },
  { id: 'state', header: 'State', cell: (row) => row.state, sort: (row) => row.state },
  { id: 'seconds', header: 'Longest', cell: (row) => duration(row.seconds), sort: (row) => row.seconds, numeric: true },
]

export const statementColumns: readonly Column<Statement>[] = [
  {
    id: 'id',
    header: 'Statement',
    cell: (row) => <code class="monitor-statement">{row.text ?? row.id}</code>,
    sort: (row) => row.text ?? row.id,
  },
  { id: 'seconds', header: 'Total', cell: (row) => duration(row.seconds), sort: (row) => row.seconds, numeric: true },
  { id: 'mean', header: 'Mean', cell: (row) => duration(meanSeconds(row)), sort: meanSeconds, numeric: true },
  { id: 'calls', header: 'Calls', cell: (row) => count(row.calls), sort: (row) => row.calls, numeric: true },
  { id: 'rows', header: 'Rows', cell: (row) => count(row.rows), sort: (row) => row.rows, numeric: true, minor: true },
  {
    id: 'where',
    header: 'Database, user',
    cell: (row) => `${row.database}, ${row.user}`,
    sort: (row) => row.database,
    minor: true,
  },
]

export const tableColumns: readonly Column<Table>[] = [
  {
    id: 'name',
    header: 'Table',
    cell: (row) => `${row.schema}.${row.name}`,
    sort: (row) => `${row.schema}.${row.name}`,
  },
  { id: 'database', header: 'Database', cell: (row) => row.database, sort: (row) => row.database, minor: true },
  { id: 'bytes', header: 'Size', cell: (row) => bytes(row.bytes), sort: (row) => row.bytes, numeric: true },
  { id: 'live', header: 'Rows', cell: (row) => count(row.live), sort: (row) => row.live, numeric: true },
  { id: 'dead', header: 'Dead rows', cell: (row) => count(row.dead), sort: (row) => row.dead, numeric: true },
  { id: 'share', header: 'Dead', cell: (row) => percent(deadShare(row)), sort: deadShare, numeric: true, minor: true },
]
