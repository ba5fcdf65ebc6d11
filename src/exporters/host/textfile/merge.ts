import { untyped, type Exposition, type Metric } from '../../../lib/exposition.ts'
import type { TextFamily, TextSample } from './parse.ts'

/** A file that could be read. */
export interface TextFile {
  readonly path: string
  /** Seconds since the epoch, whole. */
  readonly mtime: number
  readonly families: readonly TextFamily[]
}

/** Families of all files, each name once, and what had to be left out. */
export interface Merged {
  readonly families: readonly TextFamily[]
  readonly faults: readonly string[]
}

const keyOf = ({ suffix, labels }: TextSample): string =>
  `${suffix}${JSON.stringify([...labels].filter(([, value]) => value !== '').toSorted())}`

/** What a second file gives of a family must agree with the first in type and help, and repeat no series. */
function disagreement(first: TextFamily, other: TextFamily): string | undefined {
  if (first.type !== other.type) return `is ${other.type} here and ${first.type} elsewhere`
  if (first.help !== undefined && other.help !== undefined && first.help !== other.help)
    return 'has another HELP elsewhere'
  return undefined
}

/** The other family that already has one of the names this one writes: a histogram `a` writes `a_bucket` too. */
function claimedBy(family: TextFamily, claims: ReadonlyMap<string, string>): string | undefined {
  const owners = namesOf(family).map((name) => claims.get(name))
  return owners.find((owner) => owner !== undefined && owner !== family.name)
}

const namesOf = ({ name, samples }: TextFamily): string[] => [name, ...samples.map(({ suffix }) => name + suffix)]

/** Joins the files' families in the order of the files; the first to give something wins. */
export function mergeFiles(files: readonly TextFile[]): Merged {
  const merged = new Map<string, TextFamily & { from: string[]; seen: Set<string> }>()
  const claims = new Map<string, string>()
  const faults: string[] = []
  for (const { path, families } of files) {
    for (const family of families) {
      const known = merged.get(family.name) ?? { ...family, samples: [], from: [], seen: new Set<string>() }
      const owner = claimedBy(family, claims)
      const fault = owner === undefined ? disagreement(known, family) : `has a name that ${owner} writes elsewhere`
      if (fault !== undefined) {
        faults.push(`${path}: ${family.name} ${fault}`)
        continue
      }
      for (const name of namesOf(family)) claims.set(name, family.name)
      merged.set(family.name, known)
      known.help ??= family.help
      known.from.push(path)
      for (const sample of family.samples) {
        const key = keyOf(sample)
        if (known.seen.has(key)) faults.push(`${path}: a series of ${family.name} is given twice`)
        else known.samples.push(sample)
        known.seen.add(key)
      }
    }
  }
  const families = [...merged.values()].map(({ name, type, help, samples, from }) => ({
    name,
    type,
    help: help ?? `Metric read from ${from.join(', ')}`,
    samples,
  }))
  return { families, faults }
}

/** The label that tells the samples of one histogram or summary apart. */
const within: Readonly<Record<string, string>> = { histogram: 'le', summary: 'quantile' }

/**
 * Writes one family. Labels that a sample lacks are given empty, so that all samples of a family have the same keys.
 * Histograms and summaries are several names under one header.
 */
export function writeFamily(family: TextFamily, out: Exposition): void {
  const special = within[family.type] ?? ''
  // The header goes with the first sample, so one that adds no line must not be the first.
  const samples = family.samples.filter(({ value }) => !Number.isNaN(value))
  const names = new Set(samples.flatMap(({ labels }) => [...labels.keys()]))
  names.delete(special)
  const metrics = new Map<string, { metric: Metric; keys: string[] }>()
  const metricOf = ({ suffix, labels }: TextSample): { metric: Metric; keys: string[] } => {
    let known = metrics.get(suffix)
    if (known === undefined) {
      const keys = labels.has(special) ? [...names, special] : [...names]
      const { header } = untyped(family.name, family.help ?? '')
      const headed = metrics.size === 0 ? header.replace(/untyped\n$/, `${family.type}\n`) : ''
      known = { keys, metric: { ...untyped(family.name + suffix, '', ...keys), header: headed } }
      metrics.set(suffix, known)
    }
    return known
  }
  for (const sample of samples) {
    const { metric, keys } = metricOf(sample)
    out.set(metric, sample.value, ...keys.map((key) => sample.labels.get(key) ?? ''))
  }
}
