/** How it stands between Aura and Centrifugo. */
export interface CentrifugoStatus {
  readonly state: 'starting' | 'up' | 'down'
  /** ms since the epoch. */
  readonly since: number
  /** Why it is down, or what it refuses, in one line. */
  readonly reason?: string
  /** Messages that wait. */
  readonly queued: number
  /** Messages that Centrifugo has taken. */
  readonly published: number
  /** Requests that failed. */
  readonly failures: number
  /** Messages given up because too many waited. */
  readonly lost: number
}

/** One line for people; undefined when all is well. */
export function describeStatus({ state, since, reason, queued }: CentrifugoStatus): string | undefined {
  if (state === 'starting') return 'Centrifugo has not answered yet'
  if (state === 'up') return reason
  const waiting = queued > 0 ? `; ${queued} messages wait` : ''
  return `Centrifugo unreachable since ${new Date(since).toISOString()}: ${reason ?? 'unknown'}${waiting}`
}
