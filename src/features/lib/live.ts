import type { Publisher } from '../../realtime/types.ts'

/** The one place where a feature's state is made: REST and topic show the same, and rates have one memory. */
export interface Live<State> {
  /** The present state, taken anew unless the last one is younger than `age` ms. */
  state(age: number): Promise<State>
  /** Takes the state anew and publishes the keys of it that have changed since; null is published for one that is gone. */
  tick(publisher: Publisher): Promise<void>
}

/** A state topic fed by `read`: one delta per top-level key. One reading is in flight at a time, whoever asks. */
export function createLive<State extends object>(
  topic: string,
  read: () => Promise<State>,
  monotonic: () => number,
): Live<State> {
  const published = new Map<string, string>()
  let last: { readonly state: State; readonly at: number } | undefined
  let flight: Promise<State> | undefined

  async function begin(): Promise<State> {
    const state = await read()
    last = { state, at: monotonic() }
    return state
  }
  const refresh = (): Promise<State> => (flight ??= begin().finally(() => (flight = undefined)))

  return {
    async state(age) {
      return last !== undefined && monotonic() - last.at < age ? last.state : refresh()
    },
    async tick(publisher) {
      const state = new Map<string, unknown>(Object.entries(await refresh()))
      for (const key of new Set([...published.keys(), ...state.keys()])) {
        // A key that is gone leaves as null: else its last value would stay for ever.
        const value = state.get(key) ?? null
        const json = JSON.stringify(value)
        if (published.get(key) === json) continue
        published.set(key, json)
        publisher.publish(topic, value, key)
      }
    },
  }
}
