import { createSignal, type Accessor } from 'solid-js'

/** A thing that is done when a button is pressed: whether it runs, and what went wrong the last time. */
export interface Acting {
  readonly busy: Accessor<boolean>
  readonly error: Accessor<string | undefined>
  /** Runs it unless it is running; it resolves with what went wrong, in words. */
  readonly run: (act: () => Promise<string | undefined>) => Promise<void>
  readonly clear: () => void
}

export function createActing(): Acting {
  const [busy, setBusy] = createSignal(false)
  const [error, setError] = createSignal<string>()
  return {
    busy,
    error,
    clear: () => setError(undefined),
    async run(act) {
      if (busy()) return
      setBusy(true)
      setError(undefined)
      try {
        setError(await act())
      } finally {
        setBusy(false)
      }
    },
  }
}
