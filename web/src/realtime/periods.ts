import type { FeatureName } from '../../../src/features/contracts.ts'

/**
 * ms after which the newest reading of a topic counts as old: several of its periods. A topic without one says
 * something only when something happens.
 */
export const staleAfter: Readonly<Partial<Record<FeatureName, number>>> = {
  system: 10_000,
  database: 30_000,
  models: 30_000,
}

/** Topics that a hidden page goes on following. */
export const lasting: ReadonlySet<string> = new Set<FeatureName>(['alerts'])
