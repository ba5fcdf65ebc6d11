/** Field settings of every panel. Grafana keeps its own list to itself; one that is not listed is ignored without a word. */
export const plain = [
  'unit',
  'min',
  'max',
  'decimals',
  'thresholds',
  'mappings',
  'color',
  'displayName',
  'noValue',
  'links',
]

/** Field settings of single panel types, in `custom`. */
export const ofPanels = [
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
