import type { FeatureName } from '../../../src/features/contracts.ts'

/**
 * ms after which the newest reading of a topic counts as old: several of its periods. Values are sent when they have
 * changed, so only a topic of which something changes at every reading has such a time: the uptime of `system`. The
 * others are current for as long as the connection is live.
 */
export const staleAfter: Readonly<Partial<Record<FeatureName, number>>> = {
  system: 10_000,
}

/** Topics that a hidden page goes on following. */
export const lasting: ReadonlySet<string> = new Set<FeatureName>(['alerts'])
