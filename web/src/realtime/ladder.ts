import type { TransportKind } from './types.ts'

/** Best first. */
const rungs: readonly TransportKind[] = ['websocket', 'sse', 'poll']

/** Which transport is tried, and how often it has failed without ever being open. */
export interface Ladder {
  readonly transport: TransportKind
  readonly failures: number
}

export const top: Ladder = { transport: 'websocket', failures: 0 }

/** Attempts before the next transport is tried. */
const patience = 2

/**
 * After an attempt that never opened. `timedOut`: nothing came back in time, which one attempt is enough to know.
 * `reachable`: plain HTTP works, so that it is the transport that fails and not the server; otherwise all would fail.
 */
export function failed(ladder: Ladder, how: { readonly timedOut: boolean; readonly reachable: boolean }): Ladder {
  if (!how.reachable) return ladder
  const failures = ladder.failures + (how.timedOut ? patience : 1)
  if (failures < patience) return { ...ladder, failures }
  const next = (rungs.indexOf(ladder.transport) + 1) % rungs.length
  return { transport: rungs[next] ?? 'websocket', failures: 0 }
}
