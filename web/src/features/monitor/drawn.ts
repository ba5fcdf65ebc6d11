import { createEffect, createMemo, createSignal, on, onCleanup, untrack, type Accessor } from 'solid-js'
import type { SystemHistory, SystemMetrics } from '../../../../src/features/system/contract.ts'
import { useRealtime } from '../../realtime/context.ts'
import type { Live } from '../../realtime/types.ts'
import { getJson } from '../get-json.ts'
import { isLong, remembered, span, type Range } from './ranges.ts'
import { sampleOf } from './samples.ts'
import { createTimeline, historyColumns, shifted, type Columns } from './timeline.ts'

/** What the graphs draw. */
export interface Drawn extends Columns {
  /** Ends of the time axis, ms since the epoch. */
  readonly from: number
  readonly to: number
  readonly loading: boolean
  /** Why there is nothing to draw. */
  readonly problem?: string | undefined
}

export interface DrawnOptions {
  readonly system: Accessor<Live<SystemMetrics>>
  readonly range: Accessor<Range>
  readonly paused: Accessor<boolean>
}

const rangeSeries = 'cpu.busy,cpu.iowait,memory.used,swap.used,load.*,pressure.*,disk.*,network.*,filesystem.*,gpu.*'
const none: Columns = { times: [], column: () => [] }

/** The last minutes: from the server's memory at once, then live; again from its memory after every interruption. */
function createRecent(system: Accessor<Live<SystemMetrics>>) {
  const { connection } = useRealtime()
  const timeline = createTimeline(span(remembered))
  const [version, setVersion] = createSignal(0)
  const changed = () => setVersion((count) => count + 1)
  const abort = new AbortController()
  onCleanup(() => abort.abort())

  const load = async (): Promise<void> => {
    const answer = await getJson<SystemHistory>(`/api/system/history?minutes=${remembered}`, abort.signal)
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
    const { ts, value } = untrack(system)
    if (ts === undefined || value === undefined) return
    timeline.push(
      ts,
      untrack(() => sampleOf(value)),
    )
    changed()
  }
  // The keys of one reading arrive one after the other; after this turn all of them have.
  createEffect(
    on(
      () => system().ts,
      () => queueMicrotask(push),
    ),
  )
  return { timeline, version }
}

/** Longer ranges, asked for anew each minute. */
function createLong(range: Accessor<Range>, paused: Accessor<boolean>) {
  const { connection, now } = useRealtime()
  const [answer, setAnswer] = createSignal<{ range: Range; columns: Columns; problem?: string }>()
  const minute = createMemo(() => (paused() ? undefined : Math.floor(now() / 60_000)))
  createEffect(
    on([range, minute], ([wanted]) => {
      if (!isLong(wanted)) return
      const abort = new AbortController()
      onCleanup(() => abort.abort())
      const path = `/api/system/range?minutes=${wanted}&series=${encodeURIComponent(rangeSeries)}`
      void getJson<SystemHistory>(path, abort.signal).then((got) => {
        if (abort.signal.aborted) return
        if (got.failure !== undefined) setAnswer({ range: wanted, columns: none, problem: got.failure.reason })
        else {
          const offset = untrack(connection).clockOffset ?? 0
          setAnswer({ range: wanted, columns: historyColumns(shifted(got.value, -offset)) })
        }
      })
    }),
  )
  return answer
}

/** Everything that graphs are drawn from: `recent` always reaches back 5 minutes, `drawn` as far as chosen. */
export function createDrawn({ system, range, paused }: DrawnOptions) {
  const { now } = useRealtime()
  const { timeline, version } = createRecent(system)
  const answer = createLong(range, paused)
  const latest = (reach: Range): Drawn => {
    const to = timeline.last() ?? untrack(now)
    return { ...timeline.since(to - span(reach)), from: to - span(reach), to, loading: timeline.last() === undefined }
  }
  // Held: it no longer follows what arrives, but still the chosen range.
  const tick = createMemo((before: number) => (paused() ? before : version()), 0)
  const recent = createMemo(() => (tick(), latest(5)))
  const drawn = createMemo((): Drawn => {
    const reach = range()
    if (!isLong(reach)) return (tick(), latest(reach))
    const got = answer()
    const to = got?.columns.times.at(-1) ?? untrack(now)
    const ready = got !== undefined && got.range === reach
    const columns = ready ? got.columns : none
    return { ...columns, from: to - span(reach), to, loading: !ready, problem: ready ? got.problem : undefined }
  })
  return { recent, drawn }
}
