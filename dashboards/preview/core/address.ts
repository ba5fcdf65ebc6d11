import { queryParameters, type Choice } from './interpolate.ts'

/** What the address of the page says. */
export interface Address {
  readonly board: string
  readonly from: string | undefined
  readonly to: string
  readonly theme: 'light' | 'dark'
  /** Whether closed rows are opened, for pictures. */
  readonly allRows: boolean
  readonly chosen: (variable: string) => readonly string[]
}

export function readAddress(search: string): Address {
  const parameters = new URLSearchParams(search)
  return {
    board: parameters.get('board') ?? 'overview',
    from: parameters.get('from') ?? undefined,
    to: parameters.get('to') ?? 'now',
    theme: parameters.get('theme') === 'light' ? 'light' : 'dark',
    allRows: parameters.get('rows') === 'open',
    chosen: (variable) => parameters.getAll(`var-${variable}`),
  }
}

/** The same address with some parameters set. */
export function changed(search: string, changes: Readonly<Record<string, string | readonly string[]>>): string {
  const parameters = new URLSearchParams(search)
  for (const [name, value] of Object.entries(changes)) {
    parameters.delete(name)
    for (const each of typeof value === 'string' ? [value] : value) parameters.append(name, each)
  }
  return `?${parameters.toString()}`
}

/** A link of a board to another one, as an address of the preview; undefined if it leads elsewhere. */
export function boardLink(url: string, search: string, choices: readonly Choice[]): string | undefined {
  const [, board, query = ''] = /^\/d\/aura-(\w+)(?:\?(.*))?$/.exec(url) ?? []
  if (board === undefined) return undefined
  const here = new URLSearchParams(search)
  const there = new URLSearchParams({ board })
  for (const name of ['from', 'to', 'theme', 'rows']) {
    const value = here.get(name)
    if (value !== null) there.set(name, value)
  }
  for (const choice of choices) {
    if (!query.includes(`\${${choice.variable.name}:queryparam}`) || choice.chosen === undefined) continue
    for (const [name, value] of queryParameters(choice)) there.append(name, value)
  }
  return `?${there.toString()}`
}
