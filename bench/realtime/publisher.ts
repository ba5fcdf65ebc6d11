import { stamp } from './stamp.ts'
import type { Server } from './servers/server.ts'

export interface Pace {
  readonly topic: string
  /** Messages a second, evenly spread. */
  readonly rate: number
  /** For class state: over so many keys in turn. */
  readonly keys?: number
}

const bytes = 256

/** Publishes at a steady pace from within the server: the same for every contender. */
export function createPublisher(server: Server) {
  let n = 0
  let timer: NodeJS.Timeout | undefined
  function publish({ topic, keys }: Pace): void {
    n++
    const head = { n, t: stamp() }
    const p = 'x'.repeat(bytes - JSON.stringify({ ...head, p: '' }).length)
    server.publish(topic, { ...head, p }, keys === undefined ? undefined : `k${n % keys}`)
  }
  return {
    start(pace: Pace): void {
      const began = performance.now()
      let done = 0
      // Against the clock, so that late timers do not lower the rate.
      const turn = (): void => {
        publish(pace)
        done++
        timer = setTimeout(turn, Math.max(0, began + (done * 1000) / pace.rate - performance.now()))
      }
      turn()
    },
    /** Number of the last message. */
    stop(): number {
      clearTimeout(timer)
      return n
    },
    sent: () => n,
  }
}
