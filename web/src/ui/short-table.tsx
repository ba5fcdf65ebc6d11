import { createMemo, createSignal, For } from 'solid-js'
import type { DataTableProps } from './data-table.tsx'
import { nextSorting, sorted, type Sorting } from './sorting.ts'
import { TableHead } from './table-head.tsx'

/** The whole table at once. Rows are kept by key, so that a new reading changes cells, not rows. */
export function ShortTable<Row>(props: DataTableProps<Row>) {
  const [chosen, setChosen] = createSignal<Sorting>()
  const sorting = () => chosen() ?? props.sorting
  const column = (id: string | undefined) => props.columns.find((candidate) => candidate.id === id)
  const rows = createMemo(() => sorted(props.rows, column(sorting()?.id)?.sort, sorting()?.descending ?? false))
  const byKey = createMemo(() => new Map(rows().map((row) => [props.rowKey(row), row])))
  return (
    <div class="table-scroll" tabindex="0" role="region" aria-label={props.caption}>
      <table class="table table-cards" role="table">
        <caption classList={{ 'visually-hidden': props.captionHidden ?? false }}>{props.caption}</caption>
        <TableHead
          columns={props.columns}
          sorting={sorting}
          onSort={(id) => setChosen(nextSorting(sorting(), id, column(id)?.numeric ?? false))}
        />
        <tbody role="rowgroup">
          <For each={[...byKey().keys()]}>
            {(key) => (
              <tr role="row">
                <For each={props.columns}>
                  {(each) => (
                    <td
                      role="cell"
                      data-label={each.header}
                      data-numeric={each.numeric ? '' : undefined}
                      data-minor={each.minor ? '' : undefined}
                    >
                      {((row) => (row === undefined ? undefined : each.cell(row)))(byKey().get(key))}
                    </td>
                  )}
                </For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  )
}
