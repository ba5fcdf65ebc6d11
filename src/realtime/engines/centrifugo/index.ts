import { randomBytes } from 'node:crypto'
import type { Logger } from '../../../lib/logger.ts'
import { createMemoryAlertLog, type AlertLog, type StoredPublication } from '../../alert-log.ts'
import { systemClock, type Clock } from '../../clock.ts'
import type { Close } from '../../admission.ts'
import type { Engine } from '../../engine.ts'
import { toMessage, type Message } from '../../message.ts'
import type { Topic, TopicClass } from '../../types.ts'
import { createInProcessEngine } from '../in-process.ts'
import type { CentrifugoApi } from './api.ts'
import { createMirrorLog } from './mirror-log.ts'
import { createMirrorState, type MirrorState } from './mirror-state.ts'
import type { Mirror } from './mirror.ts'
import { createOutbound } from './outbound.ts'
import type { CentrifugoStatus } from './status.ts'

export interface CentrifugoEngineOptions {
  readonly api: CentrifugoApi
  readonly logger: Pick<Logger, 'error' | 'info' | 'warn'>
  readonly clock?: Clock
  /** As for the engine in this process, which keeps the logs here too. */
  readonly alertLog?: AlertLog
  readonly durable?: readonly TopicClass[]
  readonly newEpoch?: () => string
}

/** The engine in this process, with a Centrifugo that is told everything. */
export interface CentrifugoEngine extends Engine {
  readonly status: CentrifugoStatus
  /** JSON of the payload that a new subscriber begins with: class state as one snapshot, where there is one. */
  snapshot(topic: string): string | undefined
  /** A client was let in to a topic and is about to listen. */
  joined(topic: string): void
  /** Ends every connection of a user; with a code below 4500 the clients come back and are judged anew. */
  disconnect(user: string, close: Close): void
  /** Ends what is under way towards Centrifugo. Call it after `settled`. */
  close(): Promise<void>
}

const minute = 60_000
/** What Centrifugo is given again after it has lost its history, ms. */
const ages: Readonly<Record<Exclude<TopicClass, 'state'>, number>> = {
  alert: 24 * 60 * minute,
  event: 5 * minute,
  stream: minute,
}

/** Remembers what a log held when it was opened. */
function remembering(log: AlertLog, stored: Map<string, readonly StoredPublication[]>): AlertLog {
  return {
    append: (topic, publications, retention) => log.append(topic, publications, retention),
    async open(topic, retention) {
      const found = await log.open(topic, retention)
      stored.set(topic, found.publications)
      return found
    },
  }
}

/** Makes the mirror of a topic that the inner engine has declared. */
function createMirror(
  { name, class: kind }: Topic,
  inner: Engine,
  clock: Clock,
  stored: readonly StoredPublication[],
): Mirror {
  if (kind === 'state') return createMirrorState(name, () => inner.history(name).publications)
  const messages = stored.map((publication): Message => {
    const at = clock.monotonic() - Math.max(0, clock.now() - publication.publishedAt)
    return toMessage(name, kind, publication, at)
  })
  return createMirrorLog({
    name,
    position: () => inner.history(name).position,
    age: ages[kind],
    monotonic: () => clock.monotonic(),
    stored: messages,
  })
}

const isState = (mirror: Mirror | undefined): mirror is MirrorState => mirror !== undefined && !mirror.logged

/**
 * Logs stay in this process and, for durable classes, in the store behind `alertLog`; what is handed on goes to
 * Centrifugo as well. So polling, plain sockets and REST work as ever, and Centrifugo can be away.
 */
export function createCentrifugoEngine(options: CentrifugoEngineOptions): CentrifugoEngine {
  const { api, logger, clock = systemClock, newEpoch = () => randomBytes(6).toString('base64url') } = options
  const stored = new Map<string, readonly StoredPublication[]>()
  const alertLog = remembering(options.alertLog ?? createMemoryAlertLog(newEpoch), stored)
  const { durable } = options
  const inner = createInProcessEngine({ logger, clock, newEpoch, alertLog, ...(durable && { durable }) })
  const outbound = createOutbound({ api, clock, logger })
  const mirrors = new Map<string, Mirror>()

  async function declare(topic: Topic): Promise<void> {
    await inner.declare(topic)
    const mirror = createMirror(topic, inner, clock, stored.get(topic.name) ?? [])
    stored.delete(topic.name)
    mirrors.set(topic.name, mirror)
    outbound.mirror(mirror)
    inner.subscribe(topic.name, (message) => {
      mirror.add(message)
      outbound.wake()
    })
  }
  return {
    declare,
    publish: (topic, value, key) => inner.publish(topic, value, key),
    history: (topic, since) => inner.history(topic, since),
    subscribe: (topic, listener) => inner.subscribe(topic, listener),
    // One of them is the mirror.
    listeners: (topic) => Math.max(0, inner.listeners(topic) - 1) + outbound.listeners(topic),
    async settled(ms) {
      let stop: (() => void) | undefined
      const late = new Promise<void>((resolve) => (stop = clock.after(ms, resolve)))
      await Promise.race([inner.settled(ms).then(() => outbound.settled()), late])
      stop?.()
    },
    get status() {
      return outbound.status
    },
    snapshot(topic) {
      if (!isState(mirrors.get(topic))) return undefined
      const { publications } = inner.history(topic)
      return publications.length === 1 ? publications[0]?.json : undefined
    },
    joined(topic) {
      outbound.joined(topic)
      const mirror = mirrors.get(topic)
      if (!isState(mirror)) return
      mirror.joined(clock.monotonic())
      outbound.wake()
    },
    disconnect: (user, { code, reason }) =>
      outbound.urgent(JSON.stringify({ disconnect: { user, disconnect: { code, reason } } })),
    close: () => outbound.close(),
  }
}
