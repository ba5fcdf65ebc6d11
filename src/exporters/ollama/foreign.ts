import type { Exposition, Metric, MetricType } from '../../lib/exposition.ts'

/** A sample of somebody else's exposition, ready to be set on ours. */
export interface ForeignSample {
  readonly metric: Metric
  readonly labels: readonly string[]
  readonly value: number
}

/** One family of it: its samples, those of a histogram or summary under their own suffixed names. */
export interface ForeignFamily {
  readonly name: string
  readonly samples: readonly ForeignSample[]
}

interface Open {
  help: string
  type: string
  readonly samples: ForeignSample[]
  /** One Metric per sample name and set of label keys. */
  readonly metrics: Map<string, Metric>
}

const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) ?(.*)$/
const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+\S+)?$/
const label = /\s*([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/y
const escape = /\\([\\"n])/g

/** Parses a Prometheus text page. Throws on a line that is not of the format; a family without TYPE is untyped. */
export function parseForeign(page: string): ForeignFamily[] {
  const families = new Map<string, Open>()
  for (const line of page.split('\n')) {
    const text = line.trim()
    if (text === '') continue
    if (!text.startsWith('#')) {
      addSample(families, text)
      continue
    }
    const [, keyword, name = '', rest = ''] = comment.exec(text) ?? []
    if (keyword === 'HELP') open(families, name).help = rest
    else if (keyword === 'TYPE') open(families, name).type = rest
  }
  return [...families]
    .filter(([, family]) => family.samples.length > 0)
    .map(([name, family]) => ({ name, samples: family.samples }))
}

function open(families: Map<string, Open>, name: string): Open {
  let family = families.get(name)
  if (family === undefined) {
    family = { help: '', type: 'untyped', samples: [], metrics: new Map() }
    families.set(name, family)
  }
  return family
}

function addSample(families: Map<string, Open>, text: string): void {
  const [, name, labelText = '', valueText = ''] = sample.exec(text) ?? []
  const value = parseValue(valueText)
  if (name === undefined || value === undefined)
    throw new Error(`not a line of Prometheus' format: ${text.slice(0, 80)}`)
  const stem = name.replace(/_(bucket|sum|count)$/, '')
  const familyName = !families.has(name) && families.has(stem) ? stem : name
  const family = open(families, familyName)
  const [keys, labels] = parseLabels(labelText)
  family.samples.push({ metric: metricOf(family, familyName, name, keys), labels, value })
}

function parseValue(text: string): number | undefined {
  if (/^[+-]?Inf$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (text === 'NaN') return Number.NaN
  const value = Number(text)
  return text === '' || Number.isNaN(value) ? undefined : value
}

function parseLabels(text: string): [keys: string[], values: string[]] {
  const keys: string[] = []
  const values: string[] = []
  label.lastIndex = 0
  while (label.lastIndex < text.length) {
    const [, key, value = ''] = label.exec(text) ?? []
    if (key === undefined) throw new Error(`not labels of Prometheus' format: ${text.slice(0, 80)}`)
    keys.push(key)
    values.push(value.replace(escape, (_, char: string) => (char === 'n' ? '\n' : char)))
  }
  return [keys, values]
}

/** The first Metric of a family carries the family's header; the others add lines below it. */
function metricOf(family: Open, familyName: string, name: string, keys: readonly string[]): Metric {
  const id = `${name} ${keys.join()}`
  let metric = family.metrics.get(id)
  if (metric === undefined) {
    const help = family.help === '' ? '' : `# HELP ${familyName} ${family.help}\n`
    const header = family.metrics.size === 0 ? `${help}# TYPE ${familyName} ${family.type}\n` : ''
    metric = { name, help: family.help, type: family.type as MetricType, labels: keys, header }
    family.metrics.set(id, metric)
  }
  return metric
}

/** Sets the samples of a family one after the other, so that they stay together on the page. */
export function writeForeign(family: ForeignFamily, out: Exposition): void {
  for (const { metric, labels, value } of family.samples) out.set(metric, value, ...labels)
}
