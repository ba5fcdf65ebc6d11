import { createEffect, createMemo, createSignal, on, onCleanup, untrack, type Accessor } from 'solid-js'
import type { DatabaseHealth } from '../../../../src/features/database/contract.ts'
import type { SystemHistory, SystemMetrics } from '../../../../src/features/system/contract.ts'
import { useRealtime } from '../../realtime/context.ts'
import type { Live } from '../../realtime/types.ts'
import { getJson } from '../get-json.ts'
import { isLong, remembered, span, type Range } from './ranges.ts'
import { createRecent, type Recent } from './recent.ts'
import { databaseSample, sampleOf } from './samples.ts'
import { historyColumns, shifted, type Columns } from './timeline.ts'

/** What the graphs draw. */
export interface Drawn extends Columns {
  /** Ends of the time axis, ms since the epoch. */
  readonly from: number
  readonly to: number
  readonly loading: boolean
  /** Why there is nothing to draw, or less than was asked for. */
  readonly problem?: string | undefined
}

export interface DrawnOptions {
  readonly system: Accessor<Live<SystemMetrics>>
  readonly range: Accessor<Range>
  readonly paused: Accessor<boolean>
}

const rangeSeries = 'cpu.busy,cpu.iowait,memory.used,swap.used,load.*,pressure.*,disk.*,network.*,filesystem.*,gpu.*'
const none: Columns = { times: [], column: () => [] }

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

/** What a timeline holds of the last `reach` minutes. */
function latest({ timeline }: Recent, reach: Range, now: number): Drawn {
  const to = timeline.last() ?? now
  return { ...timeline.since(to - span(reach)), from: to - span(reach), to, loading: timeline.last() === undefined }
}

/** Counts the changes of a timeline; held, it no longer follows what arrives. */
const ticks = ({ version }: Recent, paused: Accessor<boolean>): Accessor<number> =>
  createMemo((before: number) => (paused() ? before : version()), 0)

/** Everything that graphs are drawn from: `recent` always reaches back 5 minutes, `drawn` as far as chosen. */
export function createDrawn({ system, range, paused }: DrawnOptions) {
  const { now } = useRealtime()
  const remembering = createRecent({ topic: system, path: '/api/system/history', sample: sampleOf })
  const answer = createLong(range, paused)
  const tick = ticks(remembering, paused)
  const recent = createMemo(() => (tick(), latest(remembering, 5, untrack(now))))
  const drawn = createMemo((): Drawn => {
    const reach = range()
    if (!isLong(reach)) return (tick(), latest(remembering, reach, untrack(now)))
    const got = answer()
    const to = got?.columns.times.at(-1) ?? untrack(now)
    const ready = got !== undefined && got.range === reach
    const columns = ready ? got.columns : none
    return { ...columns, from: to - span(reach), to, loading: !ready, problem: ready ? got.problem : undefined }
  })
  return { recent, drawn }
}

/** What the database's graphs are drawn from; nobody remembers more of it than the last minutes. */
export function createDatabaseDrawn(
  database: Accessor<Live<DatabaseHealth>>,
  { range, paused }: Pick<DrawnOptions, 'range' | 'paused'>,
): Accessor<Drawn> {
  const { now } = useRealtime()
  const remembering = createRecent({ topic: database, path: '/api/database/history', sample: databaseSample })
  const tick = ticks(remembering, paused)
  return createMemo(() => {
    const reach = range()
    tick()
    if (!isLong(reach)) return latest(remembering, reach, untrack(now))
    const problem = `More than ${remembered} minutes of the database are not kept here: these are the last ${remembered}.`
    return { ...latest(remembering, remembered, untrack(now)), problem }
  })
}
