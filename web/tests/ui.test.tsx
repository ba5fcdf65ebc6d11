import { createSignal } from 'solid-js'
import { render } from 'solid-js/web'
import { afterEach, expect, it } from 'vitest'
import { Bar } from '../src/ui/bar.tsx'
import { DataTable, type Column } from '../src/ui/data-table.tsx'
import { Disclosure } from '../src/ui/disclosure.tsx'
import { quantity } from '../src/ui/format.ts'
import { GraphTable } from '../src/ui/graph-table.tsx'
import { StateBanner } from '../src/ui/state-banner.tsx'
import { Tile } from '../src/ui/tile.tsx'

let dispose: (() => void) | undefined
const page = () => document.body
const show = (ui: () => unknown): void => {
  dispose = render(ui as never, page())
}
const click = (selector: string): void => page().querySelector<HTMLElement>(selector)?.click()
afterEach(() => dispose?.())

interface Row {
  readonly name: string
  readonly size?: number
}

const columns: readonly Column<Row>[] = [
  { id: 'name', header: 'Name', cell: ({ name }) => name, sort: ({ name }) => name },
  { id: 'size', header: 'Size', cell: ({ size }) => size ?? '–', sort: ({ size }) => size, numeric: true },
]
const names = () => [...page().querySelectorAll('tbody tr')].map((row) => row.firstElementChild?.textContent)

it('sorts a table by its headings, unknown last either way', () => {
  const rows = [{ name: 'b', size: 2 }, { name: 'c' }, { name: 'a', size: 10 }]
  show(() => <DataTable caption="Things" rows={rows} columns={columns} rowKey={({ name }) => name} />)
  expect(names()).toEqual(['b', 'c', 'a'])
  click('th:nth-child(2) button')
  expect(names()).toEqual(['a', 'b', 'c'])
  expect(page().querySelector('th:nth-child(2)')?.getAttribute('aria-sort')).toBe('descending')
  click('th:nth-child(2) button')
  expect(names()).toEqual(['b', 'a', 'c'])
})

it('keeps the rows of a table and changes their cells', () => {
  const [rows, setRows] = createSignal<Row[]>([
    { name: 'a', size: 1 },
    { name: 'b', size: 2 },
  ])
  show(() => <DataTable caption="Things" rows={rows()} columns={columns} rowKey={({ name }) => name} />)
  const before = page().querySelector('tbody tr')
  setRows([{ name: 'a', size: 7 }])
  expect(page().querySelector('tbody tr')).toBe(before)
  expect(before?.textContent).toBe('a7')
  setRows([])
  expect(page().textContent).toBe('None.')
})

it('says a level in words, and opens by a button', () => {
  const [open, setOpen] = createSignal(false)
  show(() => (
    <Tile
      title="CPU"
      value={quantity.percent(0.97)}
      level="critical"
      stale
      onOpen={() => setOpen(true)}
      open={open()}
    />
  ))
  expect(page().textContent).toContain('97\u{a0}%')
  expect(page().textContent).toContain('critical')
  expect(page().textContent).toContain('stale')
  click('button')
  expect(page().querySelector('button')?.getAttribute('aria-expanded')).toBe('true')
})

it('announces an error at once and the rest politely', () => {
  show(() => (
    <>
      <StateBanner state="error">disk on fire</StateBanner>
      <StateBanner state="empty" />
    </>
  ))
  expect(page().querySelector('[role=alert]')?.textContent).toContain('disk on fire')
  expect(page().querySelector('[role=status]')?.textContent).toContain('Nothing here yet')
})

it('hides what is disclosed until asked', () => {
  show(() => <Disclosure label="More">hidden</Disclosure>)
  expect(page().textContent).not.toContain('hidden')
  click('button')
  expect(page().textContent).toContain('hidden')
})

it('reads a bar out in words', () => {
  show(() => <Bar label="Memory" value={1.7} text="all of it" />)
  const bar = page().querySelector('[role=meter]')
  expect(bar?.getAttribute('aria-valuenow')).toBe('100')
  expect(bar?.getAttribute('aria-valuetext')).toBe('all of it')
})

it('has the numbers of a graph as a table, newest first', () => {
  const times = Array.from({ length: 200 }, (_, index) => index * 1000)
  const values = times.map((_, index) => (index === 199 ? null : index))
  show(() => <GraphTable title="Load" times={times} series={[{ label: 'load', values }]} format={String} />)
  const cells = [...page().querySelectorAll('td')].map((cell) => cell.textContent)
  expect(cells.length).toBeLessThanOrEqual(60)
  expect(cells.slice(0, 2)).toEqual(['–', '195'])
})
