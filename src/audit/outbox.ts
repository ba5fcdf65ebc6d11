import type { Logger } from '../lib/logger.ts'
import type { Checkpoint } from './checkpoints.ts'
import type { Delivery } from './deliver.ts'

/** Checkpoints that still have to get through a way; beyond it the oldest are given up, the newest covers them. */
const most = 100

/** Checkpoints on their way out: each way gets them in order, and again until they got through. */
export interface Outbox {
  /** Ways on which the last one did not get through, with the reason. */
  readonly undelivered: ReadonlyMap<Delivery['kind'], string>
  add(checkpoint: Checkpoint): void
  /** Tries everything that waits. Never rejects. */
  send(): Promise<void>
}

export function createOutbox(deliveries: readonly Delivery[], log: Logger): Outbox {
  const undelivered = new Map<Delivery['kind'], string>()
  const waiting = deliveries.map((way) => ({ way, queue: [] as Checkpoint[] }))

  async function drain({ way, queue }: (typeof waiting)[number]): Promise<void> {
    try {
      for (; queue[0] !== undefined; queue.shift()) await way.send(queue[0])
      undelivered.delete(way.kind)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (!undelivered.has(way.kind)) {
        log.warn({ way: way.kind }, `a checkpoint of the audit log was not delivered: ${reason}`)
      }
      undelivered.set(way.kind, reason)
      queue.splice(0, Math.max(0, queue.length - most))
    }
  }
  return {
    undelivered,
    add: (checkpoint) => {
      for (const { queue } of waiting) queue.push(checkpoint)
    },
    send: async () => void (await Promise.all(waiting.map(drain))),
  }
}
