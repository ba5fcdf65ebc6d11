/** What a set of latencies looks like; same unit as the samples. */
export interface Summary {
  readonly count: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

/** A ratio with the interval that holds it in 95 of 100 resamplings. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Quantile `q` (0..1) of ascending values, interpolated linearly between neighbours; NaN of nothing. */
export function quantile(ascending: readonly number[], q: number): number {
  const at = (ascending.length - 1) * q
  const below = ascending[Math.floor(at)]
  const above = ascending[Math.ceil(at)]
  if (below === undefined || above === undefined) return NaN
  return below + (above - below) * (at - Math.floor(at))
}

export const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b)

export const median = (values: readonly number[]): number => quantile(ascending(values), 0.5)

export function summarise(values: readonly number[]): Summary {
  const sorted = ascending(values)
  const at = (q: number): number => quantile(sorted, q)
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) }
}

/** Uniform numbers in 0..1 that are the same for the same seed (mulberry32), so that a report can be repeated. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One pair of runs that were interleaved with each other: the same figure of our side and of theirs. */
export interface Pair<T> {
  readonly ours: T
  readonly theirs: T
}

/**
 * Ratio ours/theirs: median of the repeats' ratios. The interval is a percentile bootstrap in two stages, repeats and
 * then the samples within each, so that it is honest even for few repeats.
 */
export function ratio(
  repeats: readonly Pair<readonly number[]>[],
  figure: (samples: readonly number[]) => number,
  random: () => number,
  resamplings = 400,
): Estimate {
  const of = ({ ours, theirs }: Pair<readonly number[]>): number => figure(ours) / figure(theirs)
  const drawn = Array.from({ length: resamplings }, () => {
    const chosen = resample(repeats, random)
    return median(
      chosen.map(({ ours, theirs }) => of({ ours: resample(ours, random), theirs: resample(theirs, random) })),
    )
  })
  const sorted = ascending(drawn)
  return { value: median(repeats.map(of)), low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) }
}

/** As many values as there are, drawn with replacement. */
export function resample<T>(values: readonly T[], random: () => number): T[] {
  return values.map(() => values[Math.floor(random() * values.length)] as T)
}

/** Ratio of one figure per repeat (CPU time), with the range over the repeats: too few for a bootstrap to say more. */
export function ratioOfFigures(repeats: readonly Pair<number>[]): Estimate {
  const ratios = ascending(repeats.map(({ ours, theirs }) => ours / theirs))
  return { value: quantile(ratios, 0.5), low: quantile(ratios, 0), high: quantile(ratios, 1) }
}

export type Side = 'ours' | 'theirs'

/** Order of blocks, ABBA ABBA …, until each side has `scrapes` in blocks of `size`: slow drift hits both alike. */
export function schedule(scrapes: number, size: number): readonly Side[] {
  const pairs = Math.ceil(scrapes / size)
  return Array.from({ length: pairs }, (_, i): Side[] => (i % 2 === 0 ? ['ours', 'theirs'] : ['theirs', 'ours'])).flat()
}
