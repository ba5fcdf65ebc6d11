import type { Estimate } from './statistics.ts'

export type Row = readonly (string | number)[]

/** Columns aligned: the first to the left, the others to the right. */
export function table(rows: readonly Row[], indent = '  '): string {
  const cells = rows.map((row) => row.map(String))
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? []
  const pad = (cell: string, i: number): string =>
    i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)
  return cells.map((row) => (indent + row.map(pad).join('  ')).trimEnd()).join('\n')
}

export const fixed = (value: number, digits = 2): string => (Number.isFinite(value) ? value.toFixed(digits) : '–')
export const estimate = ({ value, low, high }: Estimate): string => `${fixed(value)} (${fixed(low)}–${fixed(high)})`
