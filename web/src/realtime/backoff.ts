export const shortestDelay = 100
export const longestDelay = 30_000

/** Full jitter: ms to wait before attempt number `attempt` (from 0), at random up to a bound that doubles each time. */
export function backoff(attempt: number, random: () => number): number {
  const bound = Math.min(longestDelay, shortestDelay * 2 ** Math.min(attempt, 20))
  return Math.min(longestDelay, shortestDelay + random() * bound)
}

/** Close code of a server that shuts down and asks for a return at a random moment. */
export const drainCode = 4001

/** ms to stay away after a drain: at random within the window that the reason names (`drain 5000`), 1 s if it does not. */
export function drainDelay(reason: string, random: () => number): number {
  const named = Number(/\d+/.exec(reason)?.[0] ?? 1000)
  return random() * Math.min(60_000, Math.max(1000, named))
}
