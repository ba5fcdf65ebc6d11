import type { Variable } from './board.ts'

/** Chosen values of a variable; `undefined`: all of them. */
export type Chosen = readonly string[] | undefined

export interface Choice {
  readonly variable: Variable
  /** Values there are to choose from. */
  readonly offered: readonly string[]
  readonly chosen: Chosen
}

const escapeString = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('"', String.raw`\"`)
// Twice: once for the pattern, once for the string of PromQL it stands in.
const escapePattern = (value: string): string => escapeString(value.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))

/** Text that stands for a variable in a query, as Grafana's Prometheus data source makes it. */
export function queryText({ variable, offered, chosen }: Choice): string {
  const { multi = false, includeAll = false, allValue } = variable
  if (chosen === undefined && allValue !== undefined && allValue !== '') return allValue
  const values = chosen ?? offered
  if (!multi && !includeAll) return escapeString(values[0] ?? '')
  const patterns = values.map(escapePattern)
  return patterns.length === 1 ? (patterns[0] ?? '') : `(${patterns.join('|')})`
}

const reference = /\$(?:\{(\w+)(?::(\w+))?\}|(\w+))/g

/** Puts values in; what has none is left as it is, so that whoever reads the text sees it. */
export const interpolate = (text: string, values: ReadonlyMap<string, string>): string =>
  text.replaceAll(
    reference,
    (whole, braced: string | undefined, _format: string | undefined, plain: string | undefined) =>
      values.get(braced ?? plain ?? '') ?? whole,
  )

/** The part of an address that hands a choice over to another board. */
export function queryParameters({ variable, chosen }: Choice): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const value of chosen ?? ['$__all']) parameters.append(`var-${variable.name}`, value)
  return parameters
}

/** Puts labels in the places of a legend, such as `{{instance}}`. */
export const legendOf = (format: string, labels: Readonly<Record<string, string>>): string =>
  format.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_whole, label: string) => labels[label] ?? '')

/** What a series is called that has no legend: its selector, or the query if it has no labels. */
export function plainName(labels: Readonly<Record<string, string>>, expr: string): string {
  const { __name__: name = '', ...others } = labels
  const inside = Object.entries(others).map(([label, value]) => `${label}="${value}"`)
  const text = inside.length === 0 && name !== '' ? name : `${name}{${inside.join(', ')}}`
  return text === '{}' ? expr : text
}
