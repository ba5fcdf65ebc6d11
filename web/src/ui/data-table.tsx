import { Match, Suspense, Switch, type JSX } from 'solid-js'
import { later } from './later.tsx'
import { ShortTable } from './short-table.tsx'
import type { Sorting } from './sorting.ts'
import './data-table.css'

/** One column: what stands in it, and what it is sorted by. */
export interface Column<Row> {
  readonly id: string
  readonly header: string
  readonly cell: (row: Row) => JSX.Element
  /** Makes the column sortable; undefined goes last either way. */
  readonly sort?: ((row: Row) => number | string | undefined) | undefined
  /** Right-aligned, figures of equal width. */
  readonly numeric?: boolean
  /** Left out on narrow screens. */
  readonly minor?: boolean
}

export interface DataTableProps<Row> {
  /** What the table lists; also its name for those who do not see it. */
  readonly caption: string
  readonly captionHidden?: boolean
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly rowKey: (row: Row) => string
  readonly sorting?: Sorting
  /** Stands there when there is no row. */
  readonly empty?: string
}

/** From so many rows on only those in sight are rendered. */
const long = 100

const LongTable = later(async () => (await import('./long-table.tsx')).LongTable)

/** A table sortable by its headings; long ones scroll within themselves. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  return (
    <Switch>
      <Match when={props.rows.length === 0}>
        <p class="table-empty">{props.empty ?? 'None.'}</p>
      </Match>
      <Match when={props.rows.length > long}>
        <Suspense fallback={<p class="table-empty">Loading …</p>}>
          <LongTable {...(props as unknown as DataTableProps<unknown>)} />
        </Suspense>
      </Match>
      <Match when={true}>
        <ShortTable {...props} />
      </Match>
    </Switch>
  )
}
