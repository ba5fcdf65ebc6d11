import { createEffect, createSignal, onCleanup, type Accessor } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { getJson, type Failure } from '../get-json.ts'
import type { ConnectionsAnswer } from '../../../../src/realtime/types.ts'

/** What is known of the connections. */
export interface Known {
  /** undefined until the first answer; changes in place, row by row. */
  readonly answer: ConnectionsAnswer | undefined
  /** When it was read, ms since the epoch. */
  readonly at: number | undefined
  /** Why the last attempt brought nothing; the answer then is the last known one. */
  readonly failure: Failure | undefined
}

/** ms between two looks. */
export const every = 5000

const path = '/api/websocket/connections?limit=500'

/** Reads the list again and again until the owner is disposed of; not while `paused`, nor while nobody looks. */
export function createConnections(paused: Accessor<boolean>): Known {
  const [state, setState] = createStore<{ answer: ConnectionsAnswer | undefined }>({ answer: undefined })
  const [at, setAt] = createSignal<number>()
  const [failure, setFailure] = createSignal<Failure>()

  const look = async (signal: AbortSignal): Promise<void> => {
    const answer = await getJson<ConnectionsAnswer>(path, signal)
    if (signal.aborted) return
    setFailure(answer.failure)
    if (answer.failure !== undefined) return
    setState('answer', reconcile(answer.value, { key: 'id' }))
    setAt(Date.now())
  }

  createEffect(() => {
    if (paused()) return
    const abort = new AbortController()
    const timer = setInterval(() => document.hidden || void look(abort.signal), every)
    void look(abort.signal)
    onCleanup(() => {
      clearInterval(timer)
      abort.abort()
    })
  })
  return {
    get answer() {
      return state.answer
    },
    get at() {
      return at()
    },
    get failure() {
      return failure()
    },
  }
}
