import { createEffect, createMemo, createSignal, on, onCleanup, untrack, type Accessor } from 'solid-js'
import type { SystemHistory } from '../../../../src/features/system/contract.ts'
import { useRealtime } from '../../realtime/context.ts'
import type { Live } from '../../realtime/types.ts'
import { getJson } from '../get-json.ts'
import { remembered, span } from './ranges.ts'
import type { Sample } from './samples.ts'
import { createTimeline, shifted, type Timeline } from './timeline.ts'

export interface RecentOptions<Value> {
  readonly topic: Accessor<Live<Value>>
  /** Of the API, `/api/system/history`. */
  readonly path: string
  /** A reading under the names of that history. */
  readonly sample: (value: Value) => Sample
}

export interface Recent {
  readonly timeline: Timeline
  /** Changes with the timeline. */
  readonly version: Accessor<number>
}

/** ms after which all keys of a reading have arrived. */
const settled = 250

/** A topic's last minutes: from the server's memory at once, then live; again from its memory after every interruption. */
export function createRecent<Value>({ topic, path, sample }: RecentOptions<Value>): Recent {
  const { connection } = useRealtime()
  const timeline = createTimeline(span(remembered))
  const [version, setVersion] = createSignal(0)
  const changed = () => setVersion((count) => count + 1)
  const abort = new AbortController()
  onCleanup(() => abort.abort())

  const load = async (): Promise<void> => {
    const answer = await getJson<SystemHistory>(`${path}?minutes=${remembered}`, abort.signal)
    if (answer.failure !== undefined) return
    timeline.load(shifted(answer.value, -(untrack(connection).clockOffset ?? 0)))
    changed()
  }
  const live = createMemo(() => connection().state === 'live')
  createEffect(
    on(live, (now, before, had: boolean | undefined) => {
      if (before === undefined || (now && had)) void load()
      return had === true || now
    }),
  )
  const push = () => {
    const { ts, value } = untrack(topic)
    if (ts === undefined || value === undefined) return
    timeline.push(
      ts,
      untrack(() => sample(value)),
    )
    changed()
  }
  // The keys of one reading arrive one after the other, in messages of their own: a point taken at the first of them
  // would hold the others' former values under the new time.
  createEffect(
    on(
      () => topic().ts,
      () => {
        const timer = setTimeout(push, settled)
        onCleanup(() => clearTimeout(timer))
      },
    ),
  )
  return { timeline, version }
}
