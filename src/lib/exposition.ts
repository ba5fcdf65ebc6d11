/**
 * Prometheus text exposition (format 0.0.4) for readings that are taken anew at every scrape.
 * prom-client keeps state between scrapes and has no constant metrics, so a vanished device would
 * linger there; here nothing outlives one page.
 */

export type MetricType = 'counter' | 'gauge' | 'untyped' | 'histogram'

/** One family: its name, what it says, and the label keys in the order `set` takes their values. */
export interface Metric {
  readonly name: string
  readonly help: string
  readonly type: MetricType
  readonly labels: readonly string[]
  /** The HELP and TYPE lines, rendered once. */
  readonly header: string
}

export interface Exposition {
  /**
   * Adds a sample. `undefined` and NaN mean "not known" and add nothing: absent, never zero. Throws if another
   * family has the name already: Prometheus would refuse the whole page.
   */
  set(metric: Metric, value: number | undefined, ...labelValues: string[]): void
  /** Whether a family of this name is on the page. */
  has(name: string): boolean
  /** Adds `size` sample lines rendered earlier by `sampleLine`, for values that change more rarely than they are asked for. */
  append(metric: Metric, lines: string, size: number): void
  /** The page so far, families in order of first use. */
  text(): string
  /** Number of samples so far. */
  size(): number
}

function define(type: MetricType, name: string, help: string, labels: readonly string[]): Metric {
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return { name, help, type, labels, header: `# HELP ${name} ${escaped}\n# TYPE ${name} ${type}\n` }
}

export const gauge = (name: string, help: string, ...labels: string[]): Metric => define('gauge', name, help, labels)
export const counter = (name: string, help: string, ...labels: string[]): Metric =>
  define('counter', name, help, labels)
export const untyped = (name: string, help: string, ...labels: string[]): Metric =>
  define('untyped', name, help, labels)
export const histogram = (name: string, help: string, ...labels: string[]): Metric =>
  define('histogram', name, help, labels)

/** Families whose names are only known from the source (`node_memory_<Key>_bytes`): one Metric per key, made once. */
export function metricsByKey(make: (key: string) => Metric): (key: string) => Metric {
  const made = new Map<string, Metric>()
  return (key) => {
    let metric = made.get(key)
    if (metric === undefined) made.set(key, (metric = make(key)))
    return metric
  }
}

const needsEscape = /[\\"\n]/

function escapeLabel(value: string): string {
  if (!needsEscape.test(value)) return value
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function formatValue(value: number): string {
  if (value === Infinity) return '+Inf'
  return value === -Infinity ? '-Inf' : String(value)
}

/** One sample as it stands on the page, with its line end. */
export function sampleLine(name: string, labels: readonly string[], values: readonly string[], value: number): string {
  return lineOf(name, openingsOf(name, labels), values, value)
}

/** What stands before each label's value, name and brace included. */
const openingsOf = (name: string, labels: readonly string[]): string[] =>
  labels.map((label, i) => `${i === 0 ? `${name}{` : '",'}${label}="`)

// Kept beside the metrics rather than in them, so that a metric may be copied under another name.
const openings = new WeakMap<Metric, readonly string[]>()

function openingsOfMetric(metric: Metric): readonly string[] {
  let known = openings.get(metric)
  if (known === undefined) openings.set(metric, (known = openingsOf(metric.name, metric.labels)))
  return known
}

function lineOf(name: string, before: readonly string[], values: readonly string[], value: number): string {
  if (values.length === 0) return `${name} ${formatValue(value)}\n`
  let line = ''
  for (let i = 0; i < values.length; i++) line += before[i] + escapeLabel(values[i] as string)
  return `${line}"} ${formatValue(value)}\n`
}

interface FamilyText {
  readonly openings: readonly string[]
  lines: string
}

/** A page to fill. The caller sees to it that no label set is added twice to a family. */
export function createExposition(): Exposition {
  const families = new Map<Metric, FamilyText>()
  const names = new Set<string>()
  let size = 0
  function familyOf(metric: Metric): FamilyText {
    let family = families.get(metric)
    if (family === undefined) {
      if (names.has(metric.name)) throw new Error(`two sources give a family ${metric.name}`)
      names.add(metric.name)
      families.set(metric, (family = { openings: openingsOfMetric(metric), lines: metric.header }))
    }
    return family
  }
  return {
    set(metric, value, ...labelValues) {
      if (value === undefined || Number.isNaN(value)) return
      const family = familyOf(metric)
      family.lines += lineOf(metric.name, family.openings, labelValues, value)
      size++
    },
    append(metric, lines, count) {
      if (count === 0) return
      familyOf(metric).lines += lines
      size += count
    },
    has: (name) => names.has(name),
    text() {
      // Not joined: the page is laid out in memory once, when it is written to the socket, and not here as well.
      let page = ''
      for (const { lines } of families.values()) page += lines
      return page
    },
    // A method, not a getter: V8 gives every object literal with a getter a hidden class of its own, which would keep the
    // page alive until the next full garbage collection. That quadrupled the memory of `aura exporter`.
    size: () => size,
  }
}
