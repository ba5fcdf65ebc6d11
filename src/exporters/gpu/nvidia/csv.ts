import { garbage } from './fault.ts'

export interface Column {
  /** As the driver calls it, with the old `clocks_throttle_reasons` spelled the new way. */
  readonly name: string
  /** `%`, `MiB`, `W`, `MHz`, `us`, …; empty without one. */
  readonly unit: string
  /** The header cell unchanged. */
  readonly header: string
}

export interface Table {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly string[])[]
  /** Column name -> position. */
  readonly position: ReadonlyMap<string, number>
}

function parseColumn(header: string): Column {
  const [, name = header, unit = ''] = /^(.*?)(?: \[(.*)\])?$/.exec(header) ?? []
  return { name: name.replace('clocks_throttle_reasons', 'clocks_event_reasons'), unit, header }
}

/**
 * Parses `--format=csv` with its header. The last column may contain commas (process names do). Throws if a line is
 * not a row, if the text ends in the middle of one, or if a required column is missing.
 */
export function parseTable(text: string, required: readonly string[]): Table {
  if (!text.endsWith('\n')) throw garbage('the last line is cut off')
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('WARNING:'))
  const columns = (lines.shift() ?? '').split(',').map((cell) => parseColumn(cell.trim()))
  const position = new Map(columns.map(({ name }, at) => [name, at]))
  for (const name of required) if (!position.has(name)) throw garbage(`no column ${name} in the header`)
  return { columns, position, rows: lines.map((line) => parseRow(line, columns.length)) }
}

function parseRow(line: string, width: number): string[] {
  const cells = line.split(',')
  if (cells.length < width) throw garbage(`${cells.length} cells where ${width} are due`)
  return [...cells.slice(0, width - 1), cells.slice(width - 1).join(',')].map((cell) => cell.trim())
}

/** Reads one row by column name. */
export type Cells = (column: string) => string | undefined

export function cellsOf({ position }: Table, row: readonly string[]): Cells {
  return (name) => row[position.get(name) ?? -1]
}
