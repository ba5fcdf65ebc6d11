import { createMemo, type Accessor } from 'solid-js'
import { createStore, reconcile, unwrap } from 'solid-js/store'
import type { EventTopic, FeatureName } from '../../../src/features/contracts.ts'
import type { Payload } from '../../../src/realtime/types.ts'
import { staleAfter } from './periods.ts'
import { applied, nothing, type TopicState } from './topic-log.ts'
import type { Connection, Live } from './types.ts'

/** A topic as pages see it, and the two ways in which it changes. */
export interface LiveTopic {
  readonly live: Live<unknown>
  replace(state: TopicState): void
  apply(payload: Payload): void
}

/** Arrays are matched by index: an update then touches the numbers that differ and nothing else. */
const merging = { key: null, merge: true } as const

/** The same as `TopicState`, for the store to write on. */
type Held = { -readonly [Key in keyof TopicState]: TopicState[Key] } & { value: Record<string, unknown> | undefined }

/** Lives until its root is disposed of; call it within one. */
export function createLiveTopic(
  name: FeatureName | EventTopic,
  connection: Accessor<Connection>,
  now: Accessor<number>,
): LiveTopic {
  const [state, setState] = createStore<{ topic: Held }>({ topic: { ...nothing } })
  const set = (topic: TopicState): void => setState('topic', reconcile({ ...topic }, merging))
  const ts = createMemo(() => {
    const taken = state.topic.ts
    return taken === undefined ? undefined : taken - (connection().clockOffset ?? 0)
  })
  const stale = createMemo(() => {
    const limit = (staleAfter as Readonly<Record<string, number | undefined>>)[name]
    const at = ts()
    return connection().state !== 'live' || (limit !== undefined && at !== undefined && now() - at > limit)
  })
  return {
    live: {
      get value() {
        return state.topic.value
      },
      get ts() {
        return ts()
      },
      get skipped() {
        return state.topic.skipped
      },
      get stale() {
        return stale()
      },
      get denied() {
        return state.topic.problem === 'denied'
      },
      get unavailable() {
        return state.topic.problem === 'unavailable'
      },
    },
    replace: set,
    apply(payload) {
      const { k, s, ts: taken, v } = payload
      // The usual case by the short way: comparing the whole topic for each key would cost most of a frame.
      if (k === 'delta' && s !== undefined && v !== undefined && v !== null && state.topic.value !== undefined) {
        setState('topic', 'value', s, reconcile(v, merging))
        setState('topic', 'ts', (before) => Math.max(before ?? 0, taken))
      } else set(applied(unwrap(state.topic), payload))
    },
  }
}
