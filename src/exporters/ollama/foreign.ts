import { sampleLine, untyped, type Exposition, type Metric } from '../../lib/exposition.ts'

/** One family of somebody else's exposition; the parts of a histogram or summary are among its lines. */
export interface ForeignFamily {
  readonly metric: Metric
  readonly lines: readonly string[]
}

interface Draft {
  help: string
  type: string
  readonly lines: string[]
  /** Names and labels so far: a sample given twice would cost the whole page. */
  readonly seen: Set<string>
}

const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) ?(.*)$/
const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+\S+)?$/
const label = /\s*([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/y
const escape = /\\([\\"n])/g

/** Parses a Prometheus text page. Throws on a line that is not of the format; a family without TYPE is untyped. */
export function parseForeign(page: string): ForeignFamily[] {
  const drafts = new Map<string, Draft>()
  for (const line of page.split('\n')) {
    const text = line.trim()
    if (text === '') continue
    if (!text.startsWith('#')) {
      addSample(drafts, text)
      continue
    }
    const [, keyword, name = '', rest = ''] = comment.exec(text) ?? []
    if (keyword === 'HELP') draftOf(drafts, name).help = rest
    else if (keyword === 'TYPE') draftOf(drafts, name).type = rest
  }
  return [...drafts].filter(([, draft]) => draft.lines.length > 0).map(([name, draft]) => finish(name, draft))
}

function draftOf(drafts: Map<string, Draft>, name: string): Draft {
  let draft = drafts.get(name)
  if (draft === undefined) drafts.set(name, (draft = { help: '', type: 'untyped', lines: [], seen: new Set() }))
  return draft
}

function finish(name: string, { help, type, lines }: Draft): ForeignFamily {
  const described = help === '' ? '' : `# HELP ${name} ${help}\n`
  const metric = { ...untyped(name, help), header: `${described}# TYPE ${name} ${type}\n` }
  return { metric, lines }
}

function addSample(drafts: Map<string, Draft>, text: string): void {
  const [, name, labelText = '', valueText = ''] = sample.exec(text) ?? []
  const value = parseValue(valueText)
  if (name === undefined || value === undefined) {
    throw new Error(`not a line of Prometheus' format: ${text.slice(0, 80)}`)
  }
  if (Number.isNaN(value)) return
  const [keys, values] = parseLabels(labelText)
  const stem = name.replace(/_(bucket|sum|count)$/, '')
  const draft = draftOf(drafts, !drafts.has(name) && drafts.has(stem) ? stem : name)
  const id = sampleLine(name, keys, values, 0)
  if (!draft.seen.has(id)) draft.lines.push(sampleLine(name, keys, values, value))
  draft.seen.add(id)
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

/** Puts a family on our page, unless somebody else has put one of that name there. */
export function writeForeign({ metric, lines }: ForeignFamily, out: Exposition): void {
  if (!out.has(metric.name)) out.append(metric, lines.join(''), lines.length)
}
