import type { Clock } from '../../clock.ts'

/** A pause that can be cut short; a wake-up while nobody waits makes the next wait return at once. */
export interface Alarm {
  wait(ms: number): Promise<void>
  wake(): void
}

export function createAlarm(clock: Clock): Alarm {
  let rung = false
  let end: (() => void) | undefined
  return {
    wait(ms) {
      if (rung) {
        rung = false
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        const stop = clock.after(ms, () => end?.())
        end = () => {
          stop()
          end = undefined
          resolve()
        }
      })
    },
    wake() {
      if (end === undefined) rung = true
      else end()
    },
  }
}
