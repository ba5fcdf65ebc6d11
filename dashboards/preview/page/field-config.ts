import { FieldConfigOptionsRegistry, identityOverrideProcessor, type FieldConfigPropertyItem } from '@grafana/data'
import { ofPanels, plain } from '../core/field-settings.ts'

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
