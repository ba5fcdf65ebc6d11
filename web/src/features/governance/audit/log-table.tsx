import { createMemo, createSignal, For } from 'solid-js'
import type { AuditRowView } from '../../../../../src/features/governance/audit/contract.ts'
import type { Column } from '../../../ui/data-table.tsx'
import { TableHead } from '../../../ui/table-head.tsx'
import '../../../ui/data-table.css'

/** Of a row and of the box at most, px; as in the style sheet. */
const rowHeight = 32
const boxHeight = 576
/** Rows rendered beyond what is in sight, on either side. */
const spare = 12

/** Which rows are to be rendered when the box is scrolled by `top` px: first, and one behind the last. */
export function rowsInSight(count: number, top: number): readonly [first: number, end: number] {
  const first = Math.max(0, Math.min(count, Math.floor(top / rowHeight)) - spare)
  return [first, Math.min(count, Math.ceil((Math.max(0, top) + boxHeight) / rowHeight) + spare)]
}

export interface LogTableProps {
  readonly rows: readonly AuditRowView[]
  readonly columns: readonly Column<AuditRowView>[]
  /** How far the table is scrolled, px. */
  readonly onScroll: (top: number) => void
  readonly ref: (box: HTMLDivElement) => void
}

/**
 * Any number of rows, of which those in sight are rendered. A row is rendered once while it stays in sight: when others
 * arrive above it, nothing of it is made anew.
 */
export function LogTable(props: LogTableProps) {
  const [top, setTop] = createSignal(0)
  const sight = createMemo(() => rowsInSight(props.rows.length, top()), [0, 0], {
    equals: ([first, end], [other, last]) => first === other && end === last,
  })
  const visible = createMemo(() => props.rows.slice(...sight()))
  const space = (rows: number) => (
    <tr aria-hidden="true">
      <td class="table-space" colSpan={props.columns.length} style={{ 'block-size': `${rows * rowHeight}px` }} />
    </tr>
  )
  return (
    <div
      ref={(box) => props.ref(box)}
      class="table-scroll table-long"
      tabindex="0"
      role="region"
      aria-label="Audit log"
      onScroll={({ currentTarget }) => {
        setTop(currentTarget.scrollTop)
        props.onScroll(currentTarget.scrollTop)
      }}
    >
      <table class="table" aria-rowcount={props.rows.length + 1}>
        <caption class="visually-hidden">Audit log</caption>
        <TableHead columns={props.columns} sorting={() => undefined} onSort={() => undefined} />
        <tbody>
          {space(sight()[0])}
          <For each={visible()}>
            {(row, index) => (
              <tr aria-rowindex={sight()[0] + index() + 2}>
                <For each={props.columns}>
                  {(column) => <td data-minor={column.minor ? '' : undefined}>{column.cell(row)}</td>}
                </For>
              </tr>
            )}
          </For>
          {space(props.rows.length - sight()[1])}
        </tbody>
      </table>
    </div>
  )
}
