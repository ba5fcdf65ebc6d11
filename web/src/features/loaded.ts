import { createEffect, createSignal, on, onCleanup, type Accessor } from 'solid-js'
import { useAccount } from '../account/context.ts'
import type { Refusal } from '../account/request.ts'
import { useRealtime } from '../realtime/context.ts'

/** Something that was asked of the API, and is asked for again when it may have changed. */
export interface Loaded<T> {
  /** The last answer; kept while another is on its way, or when one fails. */
  readonly value: Accessor<T | undefined>
  readonly refusal: Accessor<Refusal | undefined>
  readonly loading: Accessor<boolean>
  readonly reload: () => void
  /** Puts in what is known already, such as the answer of a change. */
  readonly set: (value: T) => void
}

/** ms: several changes at once are one reason to look. */
const settle = 200

/** Asks for `path` when it changes, when `reload` is called, and when the connection is back; not while undefined. */
export function createLoaded<T>(path: Accessor<string | undefined>): Loaded<T> {
  const account = useAccount()
  const { connection } = useRealtime()
  const [value, setValue] = createSignal<T>()
  const [refusal, setRefusal] = createSignal<Refusal>()
  const [loading, setLoading] = createSignal(true)
  const [wish, setWish] = createSignal(0)
  let timer: ReturnType<typeof setTimeout> | undefined
  const reload = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      setWish((count) => count + 1)
    }, settle)
  }
  onCleanup(() => clearTimeout(timer))
  const look = async (asked: string, signal: AbortSignal): Promise<void> => {
    setLoading(true)
    const sent = await account.send<T>('GET', asked, undefined, signal)
    if (signal.aborted) return
    setLoading(false)
    setRefusal(sent.refusal)
    if (sent.refusal === undefined) setValue(() => sent.value)
    else if (sent.refusal.status === 403) setValue(undefined)
  }
  createEffect(
    on([path, wish], ([asked]) => {
      if (asked === undefined) return
      const abort = new AbortController()
      void look(asked, abort.signal)
      onCleanup(() => abort.abort())
    }),
  )
  const isLive = () => connection().state === 'live'
  createEffect(on(isLive, (now, before) => before === false && now && reload(), { defer: true }))
  return { value, refusal, loading, reload, set: (next) => setValue(() => next) }
}
