import type { BoardJson } from '../../dashboards/lib/grafana.ts'
import type { Prometheus } from './prometheus.ts'

/** Text to put in the place of each variable: what Grafana puts there while "All" is chosen. */
export type Values = ReadonlyMap<string, string>

/** Scrapes come every second here: the larger of the step and a scrape, and four scrapes. */
const times: Values = new Map([
  ['__rate_interval', '6s'],
  ['__range', '60s'],
])

/** Puts the values in; what has none is left as it is, so that Prometheus or the parser stumbles over it. */
export const substitute = (text: string, values: Values): string =>
  text.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced: string | undefined, plain: string | undefined) => {
    const name = braced ?? plain ?? ''
    return times.get(name) ?? values.get(name) ?? whole
  })

const escape = (value: string): string => value.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\\\$&')

/** Evaluates the variables of a board in their order, each with those before it. Rejects one that finds nothing. */
export async function evaluate(board: BoardJson, prometheus: Prometheus, every = false): Promise<Values> {
  const values = new Map<string, string>()
  for (const { name = '', type, query, allValue } of board.templating.list ?? []) {
    if (type !== 'query') continue
    const text = substitute((query as { query: string }).query, values)
    const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/s.exec(text) ?? []
    const found = await prometheus.labelValues(selector, label)
    if (found.length === 0) throw new Error(`${board.uid}: variable ${name} finds nothing with ${text}`)
    // "All" as one pattern, or all values chosen one by one.
    values.set(name, every ? `(${found.map(escape).join('|')})` : (allValue ?? ''))
  }
  return values
}
