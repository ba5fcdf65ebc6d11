/** Two SVG paths in a box of `width` x `height`: the line, and the area under it. Unknown values leave a gap. */
export interface SparklinePath {
  readonly line: string
  readonly area: string
}

interface Box {
  readonly width: number
  readonly height: number
  readonly min: number
  readonly max: number
}

/** Runs of known values, each with the index at which it starts. */
function runs(values: readonly (number | null)[]): { start: number; values: number[] }[] {
  const found: { start: number; values: number[] }[] = []
  let before: number | null = null
  for (const [index, value] of values.entries()) {
    if (value !== null) {
      if (before === null) found.push({ start: index, values: [] })
      found.at(-1)?.values.push(value)
    }
    before = value
  }
  return found
}

/** Pure geometry of a sparkline. */
export function sparklinePath(values: readonly (number | null)[], { width, height, min, max }: Box): SparklinePath {
  const stepX = values.length > 1 ? width / (values.length - 1) : 0
  const span = max - min || 1
  const x = (index: number): string => (index * stepX).toFixed(1)
  const y = (value: number): string =>
    (height - ((Math.min(max, Math.max(min, value)) - min) / span) * height).toFixed(1)
  const lines: string[] = []
  const areas: string[] = []
  for (const run of runs(values)) {
    const points = run.values.map((value, index) => `${x(run.start + index)},${y(value)}`)
    lines.push(`M${points.join('L')}${points.length === 1 ? 'h0.1' : ''}`)
    areas.push(`M${x(run.start)},${height}L${points.join('L')}L${x(run.start + run.values.length - 1)},${height}Z`)
  }
  return { line: lines.join(''), area: areas.join('') }
}
