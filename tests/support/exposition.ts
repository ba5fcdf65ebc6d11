import type { Exporter } from '../../src/exporters/exporter.ts'
import { createRunner, everything, type Filter } from '../../src/exporters/runner.ts'
import { createExposition } from '../../src/lib/exposition.ts'
import { quiet } from './logger.ts'

export interface Family {
  readonly type: string
  readonly help: string
  /** Label keys that any sample carries, sorted. */
  readonly labels: readonly string[]
  /** `{a="b",c="d"}` with keys sorted (or `` without labels) -> value. Histogram parts keep their suffix in front. */
  readonly samples: ReadonlyMap<string, number>
}

const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/
const labelPair = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g

/** Parses a Prometheus text page. Throws on a broken line, a sample without TYPE, a repeated TYPE or sample. */
export function parseExposition(text: string): Map<string, Family> {
  const help = new Map<string, string>()
  const families = new Map<string, { type: string; help: string; labels: Set<string>; samples: Map<string, number> }>()
  for (const line of text.split('\n')) {
    if (line === '') continue
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? []
    if (kind === 'HELP') help.set(name, rest)
    else if (kind === 'TYPE') {
      if (families.has(name)) throw new Error(`family given twice: ${name}`)
      families.set(name, { type: rest, help: help.get(name) ?? '', labels: new Set(), samples: new Map() })
    } else if (!line.startsWith('#')) addSample(families, line)
  }
  return new Map([...families].map(([name, f]) => [name, { ...f, labels: [...f.labels].toSorted() }]))
}

function addSample(
  families: Map<string, { labels: Set<string>; samples: Map<string, number>; type: string }>,
  line: string,
): void {
  const match = sampleLine.exec(line)
  if (match === null) throw new Error(`not a sample: ${line}`)
  const [, name = '', labelText = '', value = ''] = match
  const base = families.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '')
  const family = families.get(base)
  if (family === undefined) throw new Error(`sample without TYPE: ${line}`)
  const pairs = [...labelText.matchAll(labelPair)].map(([, key = '', text = '']) => [key, text] as const)
  for (const [key] of pairs) family.labels.add(key)
  const labels =
    pairs.length === 0
      ? ''
      : `{${pairs
          .toSorted()
          .map(([k, v]) => `${k}="${v}"`)
          .join(',')}}`
  const key = base === name ? labels : `${name.slice(base.length)}${labels}`
  if (family.samples.has(key)) throw new Error(`sample given twice: ${line}`)
  family.samples.set(key, value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value))
}

/** One scrape of an exporter through the real runner, as text. */
export async function scrapeText(exporter: Exporter, filter: Filter = everything, deadline = 3000): Promise<string> {
  const out = createExposition()
  await createRunner(exporter, quiet).scrape(filter, deadline, out)
  return out.text()
}

/** One scrape of an exporter through the real runner, parsed. */
export async function scrape(
  exporter: Exporter,
  filter: Filter = everything,
  deadline = 3000,
): Promise<Map<string, Family>> {
  return parseExposition(await scrapeText(exporter, filter, deadline))
}
