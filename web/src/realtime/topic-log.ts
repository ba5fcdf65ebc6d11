import type { Payload, Position } from '../../../src/realtime/types.ts'

/** A topic as its payloads have made it so far. */
export interface TopicState {
  readonly value: Readonly<Record<string, unknown>> | undefined
  /** When the newest reading was taken, ms since the epoch by the server's clock. */
  readonly ts: number | undefined
  readonly skipped: number
  /** Why there is nothing: no right to read it, or no such topic. */
  readonly problem?: 'denied' | 'unavailable' | undefined
}

export interface TopicLog {
  readonly state: () => TopicState
  readonly position: () => Position | undefined
  /** Takes a payload; false if it was had already or makes no sense. */
  accept(payload: unknown, offset: number | undefined): boolean
  /** Takes the reply to a subscription. Another epoch is another log: offsets begin anew. */
  subscribed(position: Position | undefined): void
  /** Takes the error code of a subscription that was not to be. */
  turnAway(code: number): void
}

const errorUnauthorized = 101
const errorDenied = 103

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isPayload = (value: unknown): value is Payload =>
  isObject(value) && typeof value['k'] === 'string' && typeof value['ts'] === 'number'

export const nothing: TopicState = { value: undefined, ts: undefined, skipped: 0 }

const latest = (before: number | undefined, ts: number): number => Math.max(before ?? 0, ts)

/** Null stands for a key that is gone. */
const present = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null))

/** The state after a payload. Pure; tabs and the owner of the connection share it. */
export function applied(state: TopicState, payload: Payload): TopicState {
  const { k, s, ts, v, n } = payload
  if (k === 'gap') return { ...state, skipped: state.skipped + (n ?? 0) }
  if (k === 'snap') return isObject(v) ? { ...state, value: present(v), ts, problem: undefined } : state
  if (k !== 'delta' || s === undefined) return { ...state, ts: latest(state.ts, ts) }
  const value: Record<string, unknown> = { ...state.value }
  // A delta without a value, or with null, says that the key is gone.
  if (v === undefined || v === null) delete value[s]
  else value[s] = v
  return { ...state, value, ts: latest(state.ts, ts) }
}

/**
 * Assembles a topic. Offsets are compared per key, because conflation lets a newer value of one key overtake another
 * key's; whatever a snapshot or a later value contains already is left out.
 */
export function createTopicLog(): TopicLog {
  let state = nothing
  let epoch: string | undefined
  let newest = 0
  let base = 0
  let byKey = new Map<string, number>()

  const had = ({ k, s }: Payload, offset: number): boolean =>
    k === 'snap' ? offset < newest : offset <= Math.max(base, byKey.get(s ?? '') ?? 0)

  return {
    state: () => state,
    position: () => (epoch === undefined ? undefined : { epoch, offset: newest }),
    accept(payload, offset) {
      if (!isPayload(payload) || (payload.k === 'snap' && !isObject(payload.v))) return false
      // Offset 0 stands for none.
      if (offset !== undefined && offset > 0) {
        if (had(payload, offset)) return false
        if (payload.k === 'snap') [base, byKey] = [offset, new Map()]
        else byKey.set(payload.s ?? '', offset)
        newest = Math.max(newest, offset)
      }
      state = applied(state, payload)
      return true
    },
    subscribed(position) {
      state = { ...state, problem: undefined }
      if (position === undefined || (position.epoch === epoch && position.offset >= newest)) return
      ;[epoch, newest, base, byKey] = [position.epoch, 0, 0, new Map()]
    },
    turnAway(code) {
      state = { ...nothing, problem: code === errorDenied || code === errorUnauthorized ? 'denied' : 'unavailable' }
    },
  }
}
