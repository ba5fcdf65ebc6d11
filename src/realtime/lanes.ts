import { joinAppends } from './appends.ts'
import type { Message } from './message.ts'

/**
 * Messages of one connection by urgency: references, never copies. Plain data, because ten thousand idle connections
 * each have one.
 */
export interface Lanes {
  alert: Message[]
  stream: Message[]
  /** So many pieces of streams are joined where they can be: whoever has that many waiting lags. */
  joinAt: number
  event: Message[]
  /** Class state: the newest value of each key of each topic, in the order of their offsets. */
  slots: Map<string, Message> | undefined
  /** Values replaced in `slots` since the client was last told, by topic. */
  skipped: Map<string, number> | undefined
  /** Of alert, stream and event, which may not be dropped. */
  bytes: number
}

const fewest = 64

export const createLanes = (): Lanes => ({
  alert: [],
  stream: [],
  joinAt: fewest,
  event: [],
  slots: undefined,
  skipped: undefined,
  bytes: 0,
})

/** How many messages of alert, stream and event wait. */
export const urgent = ({ alert, stream, event }: Lanes): number => alert.length + stream.length + event.length

/** The one message of alert, stream and event that waits, if it is only one. It stays. */
export function onlyUrgent({ alert, stream, event }: Lanes): Message | undefined {
  if (alert.length + stream.length + event.length !== 1) return undefined
  return alert[0] ?? stream[0] ?? event[0]
}

/** Takes that one away; its lane keeps its memory. */
export function dropUrgent(lanes: Lanes): void {
  lanes.alert.length = 0
  lanes.stream.length = 0
  lanes.event.length = 0
  lanes.bytes = 0
}

/** How many keys of state topics wait. */
export const bulk = ({ slots }: Lanes): number => slots?.size ?? 0

const size = (messages: Iterable<Message>): number => {
  let bytes = 0
  for (const message of messages) bytes += message.bytes
  return bytes
}

/** Bytes of everything that waits. */
export const waitingBytes = (lanes: Lanes): number => lanes.bytes + size(lanes.slots?.values() ?? [])

export function add(lanes: Lanes, message: Message): void {
  if (message.class === 'state') return conflate(lanes, message)
  lanes[message.class].push(message)
  lanes.bytes += message.bytes
  if (lanes.stream.length >= lanes.joinAt) joinStreams(lanes)
}

/** Only when they have doubled since the last time, so that each piece is touched a few times at most. */
function joinStreams(lanes: Lanes): void {
  lanes.stream = joinAppends(lanes.stream)
  lanes.joinAt = Math.max(fewest, lanes.stream.length * 2)
  recount(lanes)
}

function conflate(lanes: Lanes, message: Message): void {
  const { topic, key = '' } = message
  // Names of topics hold no newline.
  const slot = `${topic}\n${key}`
  lanes.slots ??= new Map()
  // Deleted first, so that the order of the slots is the order of the offsets: what a cut connection has is a prefix.
  if (lanes.slots.delete(slot)) {
    lanes.skipped ??= new Map()
    lanes.skipped.set(topic, (lanes.skipped.get(topic) ?? 0) + 1)
  }
  lanes.slots.set(slot, message)
}

/** Takes up to about `most` bytes: alerts first, then 8 of stream to 4 of event to 1 of state. */
export function take(lanes: Lanes, most: number, withBulk: boolean): Message[] {
  const all = withBulk ? waitingBytes(lanes) : lanes.bytes
  return all <= most ? takeAll(lanes, withBulk) : takeWeighted(lanes, most, withBulk)
}

/** Nearly always everything fits. */
function takeAll(lanes: Lanes, withBulk: boolean): Message[] {
  const { alert, stream, event, slots } = lanes
  const lists = [alert, stream, event].filter((list) => list.length > 0)
  if (withBulk && slots !== undefined && slots.size > 0) lists.push([...slots.values()])
  if (alert.length > 0) lanes.alert = []
  if (stream.length > 0) lanes.stream = []
  if (event.length > 0) lanes.event = []
  if (withBulk) lanes.slots = undefined
  lanes.bytes = 0
  return lists.length === 1 ? (lists[0] ?? []) : lists.flat()
}

function takeWeighted(lanes: Lanes, most: number, withBulk: boolean): Message[] {
  const taken: Message[] = []
  let bytes = 0
  const room = (): boolean => taken.length === 0 || bytes < most
  const from = (lane: Message[], n: number): number => {
    let count = 0
    for (; count < n && room(); count++) {
      const message = lane[count]
      if (message === undefined) break
      taken.push(message)
      bytes += message.bytes
    }
    lane.splice(0, count)
    return count
  }
  const values = withBulk ? [...(lanes.slots?.values() ?? [])] : []
  const before = values.length
  from(lanes.alert, Infinity)
  while (from(lanes.stream, 8) + from(lanes.event, 4) + from(values, 1) > 0);
  const slots = [...(lanes.slots?.keys() ?? [])]
  for (const slot of slots.slice(0, before - values.length)) lanes.slots?.delete(slot)
  recount(lanes)
  return taken
}

function recount(lanes: Lanes): void {
  lanes.bytes = size(lanes.alert) + size(lanes.stream) + size(lanes.event)
}

/** Drops what waits of a topic. */
export function forget(lanes: Lanes, topic: string): void {
  const others = (lane: Message[]): Message[] => lane.filter((message) => message.topic !== topic)
  if (lanes.alert.length > 0) lanes.alert = others(lanes.alert)
  if (lanes.stream.length > 0) lanes.stream = others(lanes.stream)
  if (lanes.event.length > 0) lanes.event = others(lanes.event)
  recount(lanes)
  for (const [slot, message] of lanes.slots ?? []) if (message.topic === topic) lanes.slots?.delete(slot)
  lanes.skipped?.delete(topic)
}
