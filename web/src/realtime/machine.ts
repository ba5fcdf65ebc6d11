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

/** The state after a signal; the same state where the signal means nothing. */
function nextState(machine: Machine, signal: Signal): ConnectionState {
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
      return state === 'stale' ? 'live' : state
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
  const state = nextState(machine, signal)
  const more = details(signal)
  if (state === connection.state && Object.keys(more).length === 0) return machine
  const since = state === connection.state ? connection.since : now
  return { connection: { ...connection, ...more, state, since }, wasLive: machine.wasLive || state === 'live' }
}
