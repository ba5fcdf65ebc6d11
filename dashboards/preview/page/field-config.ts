import { FieldConfigOptionsRegistry, identityOverrideProcessor, type FieldConfigPropertyItem } from '@grafana/data'

// Grafana keeps its own list to itself; without one, field settings are ignored without a word.
const plain = ['unit', 'min', 'max', 'decimals', 'thresholds', 'mappings', 'color', 'displayName', 'noValue', 'links']

/** Settings of single panel types that the boards use. */
const ofPanels = [
  'axisBorderShow',
  'axisPlacement',
  'cellOptions',
  'drawStyle',
  'fillOpacity',
  'lineInterpolation',
  'lineWidth',
  'pointSize',
  'showPoints',
  'spanNulls',
  'stacking',
  'thresholdsStyle',
  'width',
]

const item = (path: string, isCustom: boolean): FieldConfigPropertyItem => ({
  id: isCustom ? `custom.${path}` : path,
  path,
  name: path,
  isCustom,
  editor: () => null,
  override: () => null,
  process: identityOverrideProcessor,
  shouldApply: () => true,
})

/** How settings of a board's fields are put onto data. */
export const fieldConfigRegistry = new FieldConfigOptionsRegistry(() => [
  ...plain.map((path) => item(path, false)),
  ...ofPanels.map((path) => item(path, true)),
])

/** Names of settings that a board may use here, for the test that holds this list complete. */
export const knownSettings: readonly string[] = [...plain, ...ofPanels.map((path) => `custom.${path}`)]
