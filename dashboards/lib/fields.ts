import type { FieldConfig, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import { colour } from './colours.ts'
import type { Literal } from './grafana.ts'
import type { PanelOptions, Threshold } from './panel.ts'

/** Field configuration of a panel, without what only its kind knows. */
export type Fields = Literal<Omit<FieldConfig, 'custom'>>

type Steps = { value: number | null; color: string }[]

function steps({ look, bad, below }: Threshold): Steps {
  const edges: [number | undefined, string][] = [
    [look, colour.look],
    [bad, colour.bad],
  ]
  const known = edges.filter((edge): edge is [number, string] => edge[0] !== undefined)
  if (below !== true) {
    const above = known.map(([value, color]) => ({ value, color }))
    return [{ value: null, color: colour.good }, ...above]
  }
  // From the bottom up each edge ends what is below it, so the colours move by one.
  const up = known.toReversed()
  const ended = up.map(([value], at) => ({ value, color: up[at + 1]?.[1] ?? colour.good }))
  return [{ value: null, color: up[0]?.[1] ?? colour.good }, ...ended]
}

const mappings = (words: NonNullable<PanelOptions['words']>): Literal<ValueMapping>[] => [
  {
    type: 'value',
    options: Object.fromEntries(
      Object.entries(words).map(([value, [text, color]], index) => [value, { text, color, index }]),
    ),
  },
]

/** Unit, range, thresholds and words of a panel. */
export const fieldsOf = ({ unit, min, max, decimals, empty, threshold, words }: PanelOptions): Fields => ({
  unit,
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
  ...(decimals !== undefined && { decimals }),
  noValue: empty ?? 'no data',
  thresholds: { mode: 'absolute', steps: steps(threshold ?? {}) },
  ...(words !== undefined && { mappings: mappings(words) }),
})
