import type { Exemplar, Exemplars } from '../otel/exemplars.ts'

/** What a page in this format is. */
export const openMetricsType = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

/** How much a scraper likes a type, 0 to 1; 0 where it does not name it. */
function liking(accept: string, type: string): number {
  const weights = accept.split(',').map((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const q = parameters.find((parameter) => parameter.startsWith('q='))
    return name === type ? (q === undefined ? 1 : Number(q.slice(2)) || 0) : 0
  })
  return Math.max(0, ...weights)
}

/** Whether a scraper would rather have OpenMetrics than the classic text. */
export function prefersOpenMetrics(accept: string | undefined): boolean {
  if (accept === undefined) return false
  const open = liking(accept, 'application/openmetrics-text')
  return open > 0 && open >= liking(accept, 'text/plain')
}

const metadata = /^# (HELP|TYPE) (\S+) (.*)$/
const bucket = /^(\w+)_bucket\{(.*)\} \S+$/
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g
const escapes: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' }

const unescape = (value: string): string => value.replace(/\\[n"\\]/g, (pair) => escapes[pair] ?? pair)

const written = ({ traceId, spanId, value, at }: Exemplar): string =>
  ` # {trace_id="${traceId}",span_id="${spanId}"} ${value} ${at.toFixed(3)}`

/** A bucket's exemplar, ready to follow its value; '' where there is none. */
function exemplarOf(line: string, exemplars: Exemplars): string {
  const [, name, text] = bucket.exec(line) ?? []
  if (name === undefined || text === undefined) return ''
  const all = Object.fromEntries([...text.matchAll(label)].map(([, key, value]) => [key, unescape(value ?? '')]))
  const { le = '', ...labels } = all
  const found = exemplars.of(name, labels, le)
  return found === undefined ? '' : written(found)
}

/** Families of counters are named without `_total`; those that lack it in the first place are of unknown type. */
function familyLine(kind: string, name: string, rest: string, counters: ReadonlySet<string>): string {
  if (kind === 'TYPE' && rest === 'untyped') return `# TYPE ${name} unknown`
  if (!counters.has(name)) return `# ${kind} ${name} ${rest}`
  if (name.endsWith('_total')) return `# ${kind} ${name.slice(0, -'_total'.length)} ${rest}`
  return `# ${kind} ${name} ${kind === 'TYPE' ? 'unknown' : rest}`
}

/** A page of classic text as OpenMetrics, with the exemplars that the classic text has no room for. */
export function toOpenMetrics(page: string, exemplars: Exemplars): string {
  const lines = page.split('\n')
  const counters = new Set(lines.flatMap((line) => /^# TYPE (\S+) counter$/.exec(line)?.[1] ?? []))
  const out: string[] = []
  for (const line of lines) {
    const [, kind, name, rest] = line.startsWith('#') ? (metadata.exec(line) ?? []) : []
    if (kind !== undefined) out.push(familyLine(kind, name ?? '', rest ?? '', counters))
    else if (line !== '' && !line.startsWith('#')) out.push(line + exemplarOf(line, exemplars))
  }
  return `${out.join('\n')}\n# EOF\n`
}
