import type { Range } from '../core/range.ts'

/** One series of an answer; values are `[s since 1970, number as text]`. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>
  readonly values: readonly (readonly [number, string])[]
}

type Sample = readonly [number, string]
type Found = { readonly metric: Record<string, string>; readonly value?: Sample; readonly values?: readonly Sample[] }
interface Data {
  readonly resultType: string
  readonly result: readonly Found[] | Sample
}

async function ask<Answer>(path: string, parameters: Readonly<Record<string, string>>): Promise<Answer> {
  const response = await fetch(`/api/v1/${path}?${new URLSearchParams(parameters).toString()}`)
  const answer = (await response.json()) as { status: string; error?: string; data: Answer }
  if (answer.status !== 'success') throw new Error(answer.error ?? `${path}: ${response.status}`)
  return answer.data
}

function seriesOf({ resultType, result }: Data): Series[] {
  if (resultType === 'scalar') return [{ metric: {}, values: [result as Sample] }]
  return (result as readonly Found[]).map(({ metric, value, values }) => ({
    metric,
    values: values ?? (value === undefined ? [] : [value]),
  }))
}

export const queryRange = async (query: string, { from, to }: Range, step: number): Promise<readonly Series[]> =>
  seriesOf(await ask('query_range', { query, start: String(from), end: String(to), step: String(step) }))

export const queryInstant = async (query: string, time: number): Promise<readonly Series[]> =>
  seriesOf(await ask('query', { query, time: String(time) }))

/** Values of a label among the series that were there in the range. */
export async function labelValues(selector: string, label: string, { from, to }: Range): Promise<readonly string[]> {
  const parameters = { 'match[]': selector, start: String(from), end: String(to) }
  const found = await ask<readonly Readonly<Record<string, string>>[]>('series', parameters)
  const values = new Set(found.flatMap((labels) => labels[label] ?? []))
  return [...values].toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }))
}
