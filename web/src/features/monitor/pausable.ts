import { createMemo, untrack, type Accessor } from 'solid-js'
import { unwrap } from 'solid-js/store'
import type { Live } from '../../realtime/types.ts'

/** A topic that can be held: while `paused` its values stay as they were when it began. */
export function createPausable<T>(live: Accessor<Live<T>>, paused: Accessor<boolean>): Accessor<Live<T>> {
  // The store changes in place, so what is held must be a copy.
  const held = createMemo(() => (paused() ? untrack(() => structuredClone(unwrap(live()))) : undefined))
  return () => held() ?? live()
}
