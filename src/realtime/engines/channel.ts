import type { Logger } from '../../lib/logger.ts'
import type { AlertLog, Retention, StoredPublication } from '../alert-log.ts'
import type { Clock } from '../clock.ts'
import type { Listener, Resume } from '../engine.ts'
import { encodePayload, toMessage, type Message } from '../message.ts'
import type { Position, Topic, TopicClass } from '../types.ts'
import { createDurableWriter, type DurableWriter } from './durable.ts'
import type { TopicLog } from './log.ts'
import { createRing, olderThan, streamsEndedFor } from './ring.ts'
import { createSlots } from './slots.ts'

/** What every topic of the engine shares. */
export interface ChannelDeps {
  readonly logger: Pick<Logger, 'error' | 'info'>
  readonly clock: Clock
  readonly alertLog: AlertLog
  readonly durable: readonly TopicClass[]
  readonly newEpoch: () => string
}

/** One declared topic: its log and whoever listens. */
export interface Channel {
  publish(value: unknown, key: string | undefined, last?: boolean): void
  history(since: Position | undefined): Resume
  readonly listeners: Set<Listener>
  settled(): Promise<void>
}

const minute = 60_000
// A model that is loaded anew between two turns of a debate.
const longestPause = 60 * minute
const mostBytes = 16 * 1024 * 1024
// One message must fit into one frame together with its envelope.
const largest = 255 * 1024

const retentions: Readonly<Record<Exclude<TopicClass, 'state'>, Retention>> = {
  alert: { count: 1000, age: 24 * 60 * minute },
  event: { count: 1000, age: 5 * minute },
  stream: { count: 20_000, age: minute },
}

/** Published by this process: with the monotonic time, which a jump of the wall clock leaves alone. */
type Live = StoredPublication & { readonly at: number; readonly last?: true }

function createLog({ class: kind, name }: Topic, clock: Clock): TopicLog {
  if (kind === 'state') return createSlots(name)
  const { count, age } = retentions[kind]
  const options = { count, bytes: mostBytes, now: () => clock.monotonic() }
  if (kind !== 'stream') return createRing({ ...options, expired: olderThan(age) })
  const streams = streamsEndedFor(age, longestPause)
  const ring = createRing({ ...options, expired: streams.expired })
  return {
    resume: (position, since) => ring.resume(position, since),
    add(message, value) {
      streams.spoken(message)
      ring.add(message, value)
    },
  }
}

function messageOf({ name, class: kind }: Topic, { offset, json, key, at, last }: Live): Message {
  return toMessage(name, kind, { offset, json, ...(key !== undefined && { key }), ...(last && { last }) }, at)
}

/** Opens a topic; a durable one goes on where its log stands. */
export async function openChannel(topic: Topic, deps: ChannelDeps): Promise<Channel> {
  const { clock, alertLog, newEpoch } = deps
  const log = createLog(topic, clock)
  const listeners = new Set<Listener>()
  let position: Position = { epoch: newEpoch(), offset: 0 }
  let writer: DurableWriter<Live> | undefined

  function handOn(publication: Live, value?: unknown): void {
    const message = messageOf(topic, publication)
    log.add(message, value)
    position = { epoch: position.epoch, offset: message.offset }
    for (const listener of listeners) listener(message)
  }
  if (topic.class !== 'state' && deps.durable.includes(topic.class)) {
    const retention = retentions[topic.class]
    const found = await alertLog.open(topic.name, retention)
    position = found.position
    for (const publication of found.publications) {
      const at = clock.monotonic() - Math.max(0, clock.now() - publication.publishedAt)
      log.add(messageOf(topic, { ...publication, at }), undefined)
    }
    writer = createDurableWriter({ ...deps, topic: topic.name, log: alertLog, retention, stored: (p) => handOn(p) })
  }
  // Ahead of the position while a durable topic stores.
  let last = position.offset
  return {
    listeners,
    publish(value, key, ended = false) {
      const publishedAt = clock.now()
      const json = encodePayload(topic.class, value, key, { ts: publishedAt, last: ended })
      if (json.length > largest) throw new RangeError(`${json.length} characters are too much for one message`)
      const optional = { ...(key !== undefined && { key }), ...(ended && { last: true as const }) }
      const publication = { offset: last + 1, json, ...optional, publishedAt, at: clock.monotonic() }
      if (writer === undefined) handOn(publication, value)
      else writer.write(publication)
      last = publication.offset
    },
    history: (since) => log.resume(position, since),
    settled: () => writer?.settled() ?? Promise.resolve(),
  }
}
