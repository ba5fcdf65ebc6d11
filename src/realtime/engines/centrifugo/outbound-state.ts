import type { Logger } from '../../../lib/logger.ts'
import type { Clock } from '../../clock.ts'
import type { Look } from './look.ts'
import type { Mirror } from './mirror.ts'
import type { CentrifugoStatus } from './status.ts'

interface Edges {
  readonly clock: Clock
  readonly logger: Pick<Logger, 'warn' | 'info'>
}

export const firstDelay = 250

/** What the loop towards Centrifugo knows. Monotonic ms but for `since`. */
export interface State {
  readonly mirrors: Mirror[]
  /** Of the kept connection; another one may lead to another Centrifugo. */
  generation: number
  /** Those whose end in Centrifugo is known. */
  readonly level: Set<Mirror>
  /** Refused, by the monotonic time until which it rests, and why. */
  readonly resting: Map<Mirror, { readonly until: number; readonly reason: string }>
  urgent: string[]
  look: Look
  lookAt: number
  state: CentrifugoStatus['state']
  since: number
  reason: string | undefined
  published: number
  failures: number
  delay: number
  closed: boolean
}

export function createState(now: number): State {
  return {
    mirrors: [],
    generation: 0,
    level: new Set(),
    resting: new Map(),
    urgent: [],
    look: { nodes: '', listeners: new Map() },
    lookAt: Number.NEGATIVE_INFINITY,
    state: 'starting',
    since: now,
    reason: undefined,
    published: 0,
    failures: 0,
    delay: firstDelay,
    closed: false,
  }
}

/** A step went well. */
export function markUp(state: State, { clock, logger }: Edges): void {
  state.delay = firstDelay
  if (state.state === 'up') return
  if (state.state === 'down') logger.info({}, 'Centrifugo answers again')
  state.state = 'up'
  state.since = clock.now()
  state.reason = undefined
}

/** A request failed: one line when that begins. */
export function markDown(state: State, error: unknown, { clock, logger }: Edges): void {
  state.failures++
  // What arrived of a request that failed is not known, nor who answers next.
  state.level.clear()
  state.lookAt = Number.NEGATIVE_INFINITY
  const reason = error instanceof Error ? error.message || String(error) : String(error)
  if (state.state === 'down') return void (state.reason = reason)
  logger.warn({ err: error }, `Centrifugo cannot be reached: ${reason}`)
  state.state = 'down'
  state.since = clock.now()
  state.reason = reason
}

export function statusOf({ state, since, reason, published, failures, mirrors, resting }: State): CentrifugoStatus {
  const why = reason ?? resting.values().next().value?.reason
  return {
    state,
    since,
    ...(why !== undefined && { reason: why }),
    queued: mirrors.reduce((sum, mirror) => sum + mirror.queued, 0),
    published,
    failures,
    lost: mirrors.reduce((sum, mirror) => sum + mirror.lost, 0),
  }
}
