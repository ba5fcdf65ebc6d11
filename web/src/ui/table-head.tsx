import { For, Show, type Accessor } from 'solid-js'
import type { Column } from './data-table.tsx'
import type { Sorting } from './sorting.ts'

export interface TableHeadProps<Row> {
  readonly columns: readonly Column<Row>[]
  readonly sorting: Accessor<Sorting | undefined>
  readonly onSort: (id: string) => void
}

const turned = (sorting: Sorting | undefined, id: string): 'ascending' | 'descending' | undefined => {
  if (sorting?.id !== id) return undefined
  return sorting.descending ? 'descending' : 'ascending'
}

/** The row of headings; those that sort are buttons. */
export function TableHead<Row>(props: TableHeadProps<Row>) {
  return (
    <thead>
      <tr>
        <For each={props.columns}>
          {(column) => (
            <th
              scope="col"
              data-numeric={column.numeric ? '' : undefined}
              data-minor={column.minor ? '' : undefined}
              aria-sort={turned(props.sorting(), column.id)}
            >
              <Show when={column.sort} fallback={column.header}>
                <button type="button" class="table-sort" onClick={() => props.onSort(column.id)}>
                  {column.header}
                  <span class="table-arrow" aria-hidden="true" />
                </button>
              </Show>
            </th>
          )}
        </For>
      </tr>
    </thead>
  )
}
