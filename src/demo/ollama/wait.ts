import { setTimeout as delay } from 'node:timers/promises'
import { cancelled } from './failure.ts'

/** Waits `ms`, or throws what Ollama answers to a client that has left. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw cancelled()
  await delay(ms, undefined, { signal }).catch(() => {
    throw cancelled()
  })
}

/** Waits for `promise`, but not longer than the client stays. */
export function whileHere<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(cancelled())
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(cancelled())
    signal.addEventListener('abort', leave, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}

/** Lets `size` in at a time, the others in order of arrival. */
export interface Slots {
  /** Gives back a function that frees the slot. */
  take(signal: AbortSignal): Promise<() => void>
  readonly taken: number
  readonly waiting: number
}

export function createSlots(size: number): Slots {
  let taken = 0
  const queue: (() => void)[] = []

  function free(): void {
    const next = queue.shift()
    if (next === undefined) taken--
    else next()
  }

  function slot(): () => void {
    let held = true
    return () => {
      if (held) free()
      held = false
    }
  }

  return {
    get taken() {
      return taken
    },
    get waiting() {
      return queue.length
    },
    async take(signal) {
      if (signal.aborted) throw cancelled()
      if (taken < size) {
        taken++
        return slot()
      }
      await new Promise<void>((resolve, reject) => {
        const enter = (): void => {
          signal.removeEventListener('abort', leave)
          resolve()
        }
        const leave = (): void => {
          queue.splice(queue.indexOf(enter), 1)
          reject(cancelled())
        }
        queue.push(enter)
        signal.addEventListener('abort', leave, { once: true })
      })
      return slot()
    },
  }
}
