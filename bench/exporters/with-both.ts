import type { Contender } from './contenders.ts'
import type { Pair } from '../lib/statistics.ts'

/** Starts both sides, does something with them, and stops what was started, whatever happens. */
export async function withBoth<T>(
  start: Pair<() => Promise<Contender>>,
  use: (sides: Pair<Contender>) => Promise<T>,
): Promise<T> {
  const ours = await start.ours()
  try {
    const theirs = await start.theirs()
    try {
      return await use({ ours, theirs })
    } finally {
      await theirs.stop()
    }
  } finally {
    await ours.stop()
  }
}
