import { Type } from 'typebox'

const longest = 2000

/** `?series=cpu.busy,load.load1`: names, or beginnings of names that end in `*`; all when absent. */
export const seriesQuery = Type.String({
  maxLength: longest,
  description: 'Names of series, separated by commas; a name may end in *. All when absent.',
})

/** Whether a series is among those asked for. */
export function wantedSeries(query: string | undefined): (name: string) => boolean {
  if (query === undefined || query === '') return () => true
  const asked = query.split(',')
  const exact = new Set(asked)
  const beginnings = asked.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1))
  return (name) => exact.has(name) || beginnings.some((beginning) => name.startsWith(beginning))
}

/** The answer when something cannot be done now, as every error of the API looks. */
export const errorAnswer = Type.Object({ error: Type.Object({ code: Type.String(), message: Type.String() }) })

/** Payloads leave as they are published: nothing is dropped or reformatted on the way. */
export const plainJson = (): ((payload: unknown) => string) => JSON.stringify
