import type { Connection, ConnectionState, TransportKind } from './types.ts'

/** What happens to a connection. */
export type Signal =
  | { readonly type: 'network'; readonly up: boolean }
  | { readonly type: 'open'; readonly transport: TransportKind }
  | { readonly type: 'lost' | 'refused'; readonly code: number; readonly reason: string }
  | { readonly type: 'data' | 'silence' | 'retry' }

export interface Machine {
  readonly connection: Connection
  /** Was connected at some time; decides between `connecting` and `recovering`. */
  readonly wasLive: boolean
}

export const initial = (now: number): Machine => ({ connection: { state: 'connecting', since: now }, wasLive: false })

const trying = ({ wasLive }: Machine): ConnectionState => (wasLive ? 'recovering' : 'connecting')

/** ms within which what was on its way as the network went still arrives. */
const underway = 1000

/**
 * What arrives proves that the line stands, whatever the browser says of its network: an Aura on this machine, or behind
 * another interface, needs none of the one that went.
 */
function proven({ state, since }: Connection, now: number): ConnectionState {
  if (state === 'stale' || state === 'recovering') return 'live'
  return state === 'offline' && now - since > underway ? 'live' : state
}

/** The state after a signal; the same state where the signal means nothing. */
function nextState(machine: Machine, signal: Signal, now: number): ConnectionState {
  const { state } = machine.connection
  switch (signal.type) {
    case 'network':
      if (!signal.up) return state === 'refused' ? state : 'offline'
      return state === 'offline' ? trying(machine) : state
    case 'open':
      return 'live'
    case 'lost':
      return state === 'live' || state === 'stale' ? 'recovering' : state
    case 'refused':
      return 'refused'
    case 'silence':
      return state === 'live' ? 'stale' : state
    case 'data':
      return proven(machine.connection, now)
    default:
      return state === 'refused' ? trying(machine) : state
  }
}

function details(signal: Signal): Partial<Connection> {
  if (signal.type === 'open') return { transport: signal.transport, code: undefined, reason: undefined }
  if (signal.type === 'lost' || signal.type === 'refused')
    return { code: signal.code, reason: signal.reason, rtt: undefined }
  return {}
}

/** One step of the connection: `now` is stamped when the state changes. Returns the same object when nothing does. */
export function step(machine: Machine, signal: Signal, now: number): Machine {
  const { connection } = machine
  const state = nextState(machine, signal, now)
  const more = details(signal)
  if (state === connection.state && Object.keys(more).length === 0) return machine
  const since = state === connection.state ? connection.since : now
  return { connection: { ...connection, ...more, state, since }, wasLive: machine.wasLive || state === 'live' }
}
