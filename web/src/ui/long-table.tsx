import { createVirtualizer } from '@tanstack/solid-virtual'
import { createMemo, createSignal, For } from 'solid-js'
import type { DataTableProps } from './data-table.tsx'
import { nextSorting, sorted, type Sorting } from './sorting.ts'
import { TableHead } from './table-head.tsx'

const rowHeight = 32

/** A table of any length that scrolls within itself and renders the rows in sight. */
export function LongTable<Row>(props: DataTableProps<Row>) {
  const [chosen, setChosen] = createSignal<Sorting>()
  const [box, setBox] = createSignal<HTMLDivElement>()
  const sorting = () => chosen() ?? props.sorting
  const column = (id: string | undefined) => props.columns.find((candidate) => candidate.id === id)
  const rows = createMemo(() => sorted(props.rows, column(sorting()?.id)?.sort, sorting()?.descending ?? false))
  const virtual = createVirtualizer({
    get count() {
      return rows().length
    },
    getScrollElement: () => box() ?? null,
    estimateSize: () => rowHeight,
    overscan: 10,
  })
  const visible = () => virtual.getVirtualItems()
  const before = () => visible()[0]?.start ?? 0
  const after = () => virtual.getTotalSize() - (visible().at(-1)?.end ?? 0)
  return (
    <div ref={setBox} class="table-scroll table-long" tabindex="0" role="region" aria-label={props.caption}>
      <table class="table" aria-rowcount={rows().length + 1}>
        <caption classList={{ 'visually-hidden': props.captionHidden ?? false }}>{props.caption}</caption>
        <TableHead
          columns={props.columns}
          sorting={sorting}
          onSort={(id) => setChosen(nextSorting(sorting(), id, column(id)?.numeric ?? false))}
        />
        <tbody>
          <tr aria-hidden="true">
            <td class="table-space" colSpan={props.columns.length} style={{ 'block-size': `${before()}px` }} />
          </tr>
          <For each={visible()}>
            {(item) => (
              <tr aria-rowindex={item.index + 2}>
                <For each={props.columns}>
                  {(each) => (
                    <td data-numeric={each.numeric ? '' : undefined} data-minor={each.minor ? '' : undefined}>
                      {((row) => (row === undefined ? undefined : each.cell(row)))(rows()[item.index])}
                    </td>
                  )}
                </For>
              </tr>
            )}
          </For>
          <tr aria-hidden="true">
            <td class="table-space" colSpan={props.columns.length} style={{ 'block-size': `${after()}px` }} />
          </tr>
        </tbody>
      </table>
    </div>
  )
}
