import {
  applyFieldOverrides,
  cacheFieldDisplayNames,
  createTheme,
  FieldType,
  standardTransformers,
  standardTransformersRegistry,
  transformDataFrame,
  TransformerCategory,
  type DataFrame,
  type FieldConfigSource,
  type GrafanaTheme2,
  type TransformerRegistryItem,
} from '@grafana/data'
import type { Panel, Target } from '../core/board.ts'
import { interpolate } from '../core/interpolate.ts'
import { aligned, stepOf, timeVariables, type Range } from '../core/range.ts'
import { fieldConfigRegistry } from './field-config.ts'
import { seriesFrames, tableFrame } from './frames.ts'
import { queryInstant, queryRange } from './prometheus.ts'

/** What all panels of a board have in common. */
export interface Moment {
  readonly range: Range
  /** s between scrapes. */
  readonly scrape: number
  readonly values: ReadonlyMap<string, string>
}

// Some stand there under two names.
const transformers = new Map(Object.values(standardTransformers).map((transformer) => [transformer.id, transformer]))

standardTransformersRegistry.setInit(() =>
  [...transformers.values()].map((transformer): TransformerRegistryItem => ({
    id: transformer.id,
    name: transformer.name,
    editor: () => null,
    transformation: () => Promise.resolve(transformer),
    categories: new Set([TransformerCategory.Reformat]),
    imageDark: '',
    imageLight: '',
  })),
)

async function framesOf(target: Target, alone: boolean, moment: Moment, pixels: number): Promise<DataFrame[]> {
  const { range, scrape, values } = moment
  const step = stepOf(range, pixels, scrape)
  const expr = interpolate(target.expr, new Map([...values, ...timeVariables(range, step, scrape)]))
  const { from, to } = aligned(range, step)
  const found =
    target.instant === true ? await queryInstant(expr, range.to) : await queryRange(expr, { from, to }, step)
  const asked = { ...target, expr }
  if (target.format === 'table') return [tableFrame(asked, found, alone ? 'Value' : `Value #${target.refId}`)]
  return seriesFrames(asked, found, from, step, to)
}

/** Asks what a panel asks, transforms it, and puts the panel's field settings on it. */
export async function panelData(
  panel: Panel,
  moment: Moment,
  pixels: number,
  theme: GrafanaTheme2,
): Promise<DataFrame[]> {
  const alone = panel.targets.length === 1
  const asked = await Promise.all(panel.targets.map((target) => framesOf(target, alone, moment, pixels)))
  const transformed = await new Promise<DataFrame[]>((done, fail) => {
    transformDataFrame([...(panel.transformations ?? [])], asked.flat()).subscribe({ next: done, error: fail })
  })
  cacheFieldDisplayNames(transformed)
  const drawn = applyFieldOverrides({
    data: transformed,
    fieldConfig: structuredClone(panel.fieldConfig) as unknown as FieldConfigSource,
    fieldConfigRegistry,
    replaceVariables: (text) => interpolate(text, moment.values),
    theme,
    timeZone: 'browser',
  })
  cacheFieldDisplayNames(drawn)
  return drawn
}

/** Whether there is anything to draw. */
export const hasData = (frames: readonly DataFrame[]): boolean =>
  frames.some(({ fields }) =>
    fields.some(({ type, values }) => type === FieldType.number && values.some((v) => v !== null)),
  )

export const themeOf = (mode: 'light' | 'dark'): GrafanaTheme2 => createTheme({ colors: { mode } })
