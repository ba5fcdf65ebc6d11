const types: ReadonlySet<string> = new Set(['counter', 'gauge', 'untyped', 'histogram', 'summary'])

export interface TextSample {
  /** What the family's name is followed by: '' or, of histograms and summaries, `_bucket`, `_sum`, `_count`. */
  readonly suffix: string
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
}

export interface TextFamily {
  readonly name: string
  type: string
  help: string | undefined
  readonly samples: TextSample[]
}

const nameAt = /[a-zA-Z_:][a-zA-Z0-9_:]*/y
const labelAt = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\\n]|\\.)*)"\s*(,|(?=\}))/y
const numbers: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Infinity],
  ['+inf', Infinity],
  ['-inf', -Infinity],
  ['infinity', Infinity],
  ['+infinity', Infinity],
  ['-infinity', -Infinity],
])

const unescapeLabel = (text: string): string =>
  text.includes('\\') ? text.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char)) : text

function parseNumber(text: string): number {
  const named = numbers.get(text.toLowerCase())
  if (named !== undefined) return named
  const value = Number(text)
  if (text === '' || Number.isNaN(value)) throw new Error(`${JSON.stringify(text)} is not a number`)
  return value
}

function parseLabels(line: string, from: number): { labels: Map<string, string>; end: number } {
  const labels = new Map<string, string>()
  let at = from
  while (line[at] !== '}') {
    labelAt.lastIndex = at
    const [all, name, value] = labelAt.exec(line) ?? []
    if (all === undefined || name === undefined || value === undefined) throw new Error('malformed labels')
    if (labels.has(name)) throw new Error(`label ${name} is given twice`)
    labels.set(name, unescapeLabel(value))
    at += all.length
    while (line[at] === ' ') at++
  }
  return { labels, end: at + 1 }
}

interface Line {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
}

function parseSample(line: string): Line {
  nameAt.lastIndex = 0
  const [name] = nameAt.exec(line) ?? []
  if (name === undefined) throw new Error('no metric name')
  const brace = /^\s*\{/.exec(line.slice(name.length))
  const { labels, end } =
    brace === null
      ? { labels: new Map<string, string>(), end: name.length }
      : parseLabels(line, name.length + brace[0].length)
  const rest = line.slice(end).trim().split(/\s+/)
  if (rest.length > 1) throw new Error('a sample carries a timestamp, which is not supported')
  return { name, labels, value: parseNumber(rest[0] ?? '') }
}

const parts: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['_sum', '_count'],
}

/** The family whose part a sample is: `x_bucket` belongs to x, if x was declared a histogram. */
function ownerOf(name: string, families: ReadonlyMap<string, TextFamily>): { name: string; suffix: string } {
  for (const suffix of ['_bucket', '_sum', '_count']) {
    if (!name.endsWith(suffix)) continue
    const base = name.slice(0, -suffix.length)
    if (parts[families.get(base)?.type ?? '']?.includes(suffix)) return { name: base, suffix }
  }
  return { name, suffix: '' }
}

function declare(families: Map<string, TextFamily>, name: string): TextFamily {
  let family = families.get(name)
  if (family === undefined) families.set(name, (family = { name, type: 'untyped', help: undefined, samples: [] }))
  return family
}

function comment(line: string, families: Map<string, TextFamily>, typed: Set<string>): void {
  const [, kind, name = '', rest = ''] = /^#\s*(HELP|TYPE)\s+([a-zA-Z_:][\w:]*)(?:\s+(.*))?$/.exec(line) ?? []
  if (kind === undefined) return
  const family = declare(families, name)
  if (kind === 'HELP') {
    if (family.help !== undefined) throw new Error(`second HELP line for ${name}`)
    family.help = rest.replaceAll(/\\(n|\\)/g, (_, char: string) => (char === 'n' ? '\n' : char))
    return
  }
  const type = rest.trim().toLowerCase()
  if (!types.has(type)) throw new Error(`unknown metric type ${JSON.stringify(rest)}`)
  if (typed.has(name) || family.samples.length > 0)
    throw new Error(`second TYPE line for ${name}, or TYPE after samples`)
  typed.add(name)
  family.type = type
}

/** Parses a Prometheus text page (0.0.4). Throws on anything malformed, with the number of the line. */
export function parseTextFamilies(text: string): TextFamily[] {
  const families = new Map<string, TextFamily>()
  const typed = new Set<string>()
  const lines = text.split('\n')
  // A page is complete only if its last line is: this tells a file that is being written.
  if (lines.at(-1) !== '') throw new Error(`line ${lines.length}: the last line has no end`)
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim()
    try {
      if (line === '') continue
      if (line.startsWith('#')) comment(line, families, typed)
      else {
        const sample = parseSample(line)
        const owner = ownerOf(sample.name, families)
        declare(families, owner.name).samples.push({ suffix: owner.suffix, labels: sample.labels, value: sample.value })
      }
    } catch (cause) {
      throw new Error(`line ${index + 1}: ${(cause as Error).message}`, { cause })
    }
  }
  return [...families.values()].filter(({ samples }) => samples.length > 0)
}
