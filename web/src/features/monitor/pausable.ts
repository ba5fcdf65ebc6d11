import { createMemo, untrack, type Accessor } from 'solid-js'
import { unwrap } from 'solid-js/store'
import type { Live } from '../../realtime/types.ts'

/** The store changes in place, so what is held must be a copy. */
const copied = <T>(live: Live<T>): Live<T> => ({ ...live, value: structuredClone(unwrap(live.value)) })

/** A topic that can be held: while `paused` its values stay as they were when it began. */
export function createPausable<T>(live: Accessor<Live<T>>, paused: Accessor<boolean>): Accessor<Live<T>> {
  const held = createMemo(() => (paused() ? untrack(() => copied(live())) : undefined))
  return () => held() ?? live()
}
