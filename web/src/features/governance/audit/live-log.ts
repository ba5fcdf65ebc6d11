import { batch, createEffect, createSignal, on, onCleanup, type Accessor } from 'solid-js'
import type { AuditPage, AuditRowView } from '../../../../../src/features/governance/audit/contract.ts'
import { useAccount } from '../../../account/context.ts'
import { withQuery, type Refusal } from '../../../account/request.ts'
import { useEvents, useRealtime } from '../../../realtime/context.ts'
import { matches, pageQuery, type AuditFilters } from './filters.ts'
import { mergeRows, nameless, namesIn } from './rows.ts'

const path = '/api/governance/audit-logs'
/** Rows asked for at a time. */
const page = 200
/** Rows kept; the oldest go first. */
const most = 5000
/** ms between two looks at what has arrived: hundreds of rows are one change of the page. */
const beat = 250

export interface LiveLog {
  readonly rows: Accessor<readonly AuditRowView[]>
  /** Rows that arrived and are not shown yet. */
  readonly held: Accessor<number>
  readonly names: Accessor<Readonly<Record<string, string>>>
  readonly refusal: Accessor<Refusal | undefined>
  readonly loading: Accessor<boolean>
  /** Whether there are older ones. */
  readonly more: Accessor<boolean>
  readonly older: () => void
  readonly reload: () => void
  /** Shows what was held back. */
  readonly release: () => void
}

/** What is shown, and what is known of it. */
function createState() {
  const [rows, setRows] = createSignal<readonly AuditRowView[]>([])
  const [names, setNames] = createSignal<Readonly<Record<string, string>>>({})
  const [next, setNext] = createSignal<number>()
  const [refusal, setRefusal] = createSignal<Refusal>()
  const [loading, setLoading] = createSignal(true)
  const add = (more: readonly AuditRowView[]): void => {
    const merged = mergeRows(rows(), more, most)
    setNames((known) => namesIn(known, more))
    setRows(merged)
    // What fell off the end can be asked for again.
    if (merged.length === most) setNext(merged.at(-1)?.seq)
  }
  return { rows, setRows, names, setNames, next, setNext, refusal, setRefusal, loading, setLoading, add }
}

type State = ReturnType<typeof createState>

/** Rows that arrive, a beat at a time. */
function createArrivals(show: (rows: readonly AuditRowView[]) => void, following: Accessor<boolean>) {
  let pending: AuditRowView[] = []
  const [held, setHeld] = createSignal(0)
  const release = (): void => {
    const rows = pending
    pending = []
    batch(() => {
      setHeld(0)
      show(rows)
    })
  }
  const timer = setInterval(() => {
    if (pending.length === 0) return
    if (following()) release()
    else setHeld(pending.length)
  }, beat)
  onCleanup(() => clearInterval(timer))
  return {
    held,
    release,
    push(row: AuditRowView) {
      pending.push(row)
      if (pending.length > most) pending = pending.slice(-most)
    },
    forget() {
      pending = []
      setHeld(0)
    },
  }
}

/** Asks for the names of actors that live rows do not tell; each once. */
function createNaming(state: State) {
  const account = useAccount()
  const asked = new Set<string>()
  return async (rows: readonly AuditRowView[]): Promise<void> => {
    for (const actor of nameless(state.names(), rows)
      .filter((id) => !asked.has(id))
      .slice(0, 20)) {
      asked.add(actor)
      const sent = await account.send<AuditPage>('GET', withQuery(path, { actor, limit: 1 }))
      if (sent.refusal === undefined) state.setNames((known) => namesIn(known, sent.value.rows))
    }
  }
}

/** The log under filters: a page of it, older ones when asked for, and what happens as it happens. */
export function createLiveLog(
  filters: Accessor<AuditFilters>,
  start: Accessor<number | undefined>,
  following: Accessor<boolean>,
): LiveLog {
  const account = useAccount()
  const { connection } = useRealtime()
  const state = createState()
  const naming = createNaming(state)
  const [wish, setWish] = createSignal(0)
  const arrivals = createArrivals((rows) => {
    state.add(rows)
    void naming(rows)
  }, following)

  const ask = async (before: number | undefined, signal?: AbortSignal): Promise<void> => {
    state.setLoading(true)
    const query = pageQuery(filters(), before === undefined ? {} : { before }, page)
    const sent = await account.send<AuditPage>('GET', withQuery(path, query), undefined, signal)
    if (signal?.aborted === true) return
    batch(() => {
      state.setLoading(false)
      state.setRefusal(sent.refusal)
      if (sent.refusal !== undefined) return
      state.setNext(sent.value.next)
      state.add(sent.value.rows)
    })
  }
  createEffect(
    on([filters, start, wish], ([, before]) => {
      const abort = new AbortController()
      arrivals.forget()
      state.setRows([])
      void ask(before, abort.signal)
      onCleanup(() => abort.abort())
    }),
  )
  useEvents('audit', (row) => start() === undefined && matches(filters(), row) && arrivals.push(row))
  const again = () => setWish((count) => count + 1)
  const isLive = () => connection().state === 'live'
  // What happened while the connection was away is asked for, unless somebody reads on further down.
  createEffect(on(isLive, (now, before) => before === false && now && following() && again(), { defer: true }))
  return {
    rows: state.rows,
    held: arrivals.held,
    names: state.names,
    refusal: state.refusal,
    loading: state.loading,
    more: () => state.next() !== undefined,
    older: () => void ask(state.next()),
    reload: again,
    release: arrivals.release,
  }
}
