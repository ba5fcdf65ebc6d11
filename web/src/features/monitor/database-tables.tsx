import { createMemo } from 'solid-js'
import type { DatabaseHealth } from '../../../../src/features/database/contract.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import {
  blockingColumns,
  databaseColumns,
  statementColumns,
  tableColumns,
  transactionColumns,
} from './database-columns.tsx'
import { blockingRows } from './database-view.ts'

/** Who blocks whom stands open; the rest opens by a button. */
export function DatabaseTables(props: { readonly health: DatabaseHealth }) {
  const blocking = createMemo(() => blockingRows(props.health.locks.chains))
  return (
    <div class="monitor-tables">
      <DataTable
        caption="Blocking chains"
        rows={blocking()}
        columns={blockingColumns}
        rowKey={(row) => row.key}
        sorting={{ id: 'root', descending: false }}
        empty="Nobody waits for anybody."
      />
      <DataTable
        caption="Long transactions"
        rows={props.health.longTransactions}
        columns={transactionColumns}
        rowKey={(row) => `${row.database} ${row.state}`}
        sorting={{ id: 'seconds', descending: true }}
        empty="No long transaction."
      />
      <More {...props} />
    </div>
  )
}

function More(props: { readonly health: DatabaseHealth }) {
  return (
    <>
      <Disclosure label={`Databases (${props.health.databases.length})`} open>
        <DataTable
          caption="Databases"
          captionHidden
          rows={props.health.databases}
          columns={databaseColumns}
          rowKey={(row) => row.name}
          sorting={{ id: 'bytes', descending: true }}
        />
      </Disclosure>
      <Disclosure label={`Slow statements (${props.health.statements.length})`}>
        <DataTable
          caption="Slow statements"
          captionHidden
          rows={props.health.statements}
          columns={statementColumns}
          rowKey={(row) => `${row.database} ${row.user} ${row.id}`}
          sorting={{ id: 'seconds', descending: true }}
          empty="None on record; it takes the extension pg_stat_statements."
        />
      </Disclosure>
      <Disclosure label={`Tables (${props.health.tables.length})`}>
        <DataTable
          caption="Tables"
          captionHidden
          rows={props.health.tables}
          columns={tableColumns}
          rowKey={(row) => `${row.database} ${row.schema} ${row.name}`}
          sorting={{ id: 'bytes', descending: true }}
          empty="No table on record."
        />
      </Disclosure>
    </>
  )
}
