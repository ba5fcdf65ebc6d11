import { randomBytes } from 'node:crypto'
import type { Logger } from '../../lib/logger.ts'
import { createMemoryAlertLog, type AlertLog } from '../alert-log.ts'
import { systemClock, type Clock } from '../clock.ts'
import type { Engine } from '../engine.ts'
import type { TopicClass } from '../types.ts'
import { openChannel, type Channel } from './channel.ts'

export interface InProcessOptions {
  readonly logger: Pick<Logger, 'error' | 'info'>
  readonly clock?: Clock
  /** Where durable topics are kept. */
  readonly alertLog?: AlertLog
  /** Which classes survive a restart of the process through `alertLog`. */
  readonly durable?: readonly TopicClass[]
  /** Random id of a log's incarnation. */
  readonly newEpoch?: () => string
}

const randomEpoch = (): string => randomBytes(6).toString('base64url')

/** Logs in the memory of this process; those of durable classes also in a store that outlives it. */
export function createInProcessEngine(options: InProcessOptions): Engine {
  const { clock = systemClock, newEpoch = randomEpoch, durable = ['alert'], logger } = options
  const alertLog = options.alertLog ?? createMemoryAlertLog(newEpoch)
  const channels = new Map<string, Channel>()

  const channelOf = (name: string): Channel => {
    const channel = channels.get(name)
    if (channel === undefined) throw new Error(`no topic ${name}`)
    return channel
  }
  return {
    async declare(topic) {
      channels.set(topic.name, await openChannel(topic, { logger, clock, alertLog, durable, newEpoch }))
    },
    publish: (name, value, key, last) => channelOf(name).publish(value, key, last),
    history: (name, since) => channelOf(name).history(since),
    subscribe(name, listener) {
      const { listeners } = channelOf(name)
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    listeners: (name) => channels.get(name)?.listeners.size ?? 0,
    async settled(ms) {
      const all = Promise.all([...channels.values()].map((channel) => channel.settled()))
      let stop: (() => void) | undefined
      await Promise.race([all, new Promise<void>((resolve) => (stop = clock.after(ms, resolve)))])
      stop?.()
    },
  }
}
