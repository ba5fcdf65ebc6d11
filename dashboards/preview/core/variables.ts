import type { Variable } from './board.ts'
import { interpolate, queryText, type Choice, type Chosen } from './interpolate.ts'

/** Asks for the values of a label among the series that a selector finds. */
export type LabelValues = (selector: string, label: string) => Promise<readonly string[]>

const textOf = ({ query }: Variable): string => (typeof query === 'string' ? query : query.query)

async function offer(variable: Variable, values: ReadonlyMap<string, string>, ask: LabelValues) {
  const text = textOf(variable)
  if (variable.type === 'custom' || variable.type === 'interval') return text.split(',').map((value) => value.trim())
  if (variable.type === 'constant' || variable.type === 'textbox') return [text]
  if (variable.type !== 'query') return []
  const [, selector, label] = /^label_values\((.+), *(\w+)\)$/s.exec(interpolate(text, values)) ?? []
  if (selector === undefined || label === undefined) throw new Error(`${variable.name} asks what is not known: ${text}`)
  return ask(selector, label)
}

/** What the address chooses, of what there is: all of it where nothing is said and all may be chosen. */
function choose(variable: Variable, offered: readonly string[], wanted: readonly string[]): Chosen {
  const known = wanted.filter((value) => offered.includes(value))
  if (known.length > 0) return known
  return variable.includeAll === true ? undefined : offered.slice(0, 1)
}

/** Evaluates variables in their order, each with those before it; `wanted` are the choices of the address by name. */
export async function evaluate(
  variables: readonly Variable[],
  wanted: (name: string) => readonly string[],
  ask: LabelValues,
): Promise<readonly Choice[]> {
  const choices: Choice[] = []
  for (const variable of variables) {
    // There is one data source: the one that the preview asks.
    if (variable.type === 'datasource') continue
    const offered = await offer(variable, valuesOf(choices), ask)
    choices.push({ variable, offered, chosen: choose(variable, offered, wanted(variable.name)) })
  }
  return choices
}

/** Texts to put into queries, by name of the variable. */
export const valuesOf = (choices: readonly Choice[]): ReadonlyMap<string, string> =>
  new Map(choices.map((choice) => [choice.variable.name, queryText(choice)]))
