import { stamp } from './stamp.ts'
import type { Server } from './servers/server.ts'
import type { BenchTopic, Load } from './workload.ts'

interface Running {
  readonly load: Load
  /** Messages since the start. */
  done: number
}

// In one turn: whoever cannot keep up publishes less, and its CPU is full.
const most = 50

/** Publishes at a steady pace from within the server: the same for every contender. */
export function createPublisher(server: Server, topics: readonly BenchTopic[]) {
  const numbers = topics.map(() => 0)
  let sent: number[] = []
  let timer: NodeJS.Timeout | undefined

  function publish({ from, count, bytes, keys }: Load, turn: number): void {
    const i = from + (turn % count)
    const n = (numbers[i] = (numbers[i] ?? 0) + 1)
    const head = { n, t: stamp(), i }
    const p = 'x'.repeat(Math.max(0, bytes - JSON.stringify({ ...head, p: '' }).length))
    const topic = topics[i]
    if (topic !== undefined) server.publish(topic, { ...head, p }, keys === undefined ? undefined : `k${n % keys}`)
  }
  return {
    start(loads: readonly Load[]): void {
      const began = performance.now()
      const all: Running[] = loads.map((load) => ({ load, done: 0 }))
      const due = ({ load, done }: Running): number => began + (done * 1000) / load.rate
      sent = loads.map(() => 0)
      // Against the clock, so that late timers do not lower the rate; but sockets have their turn in between.
      const turn = (): void => {
        const now = performance.now()
        for (const [i, running] of all.entries()) {
          for (let some = 0; due(running) <= now && some < most; some++) publish(running.load, running.done++)
          sent[i] = running.done
        }
        timer = setTimeout(turn, Math.max(0, Math.min(...all.map(due)) - performance.now()))
      }
      turn()
    },
    /** Number of the last message of the first topic. */
    stop(): number {
      clearTimeout(timer)
      return numbers[0] ?? 0
    },
    numbers: (): readonly number[] => [...numbers],
    /** Of each load, since the start. */
    sent: (): readonly number[] => [...sent],
  }
}
