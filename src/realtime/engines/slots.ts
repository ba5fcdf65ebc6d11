import { toMessage, type Message } from '../message.ts'
import type { Position } from '../types.ts'
import type { TopicLog } from './log.ts'

// A snapshot goes out as one message up to this, and key by key beyond it.
const wholeSnapshot = 192 * 1024

const offsetOf = (message: Message): number => message.offset

/** The newest value of every key of a state topic. */
export function createSlots(topic: string): TopicLog {
  const slots = new Map<string, { readonly message: Message; readonly value: string }>()
  let cached: { readonly offset: number; readonly messages: readonly Message[] } | undefined

  const snap = (offset: number, values: string, ts: number, at: number): Message =>
    toMessage(topic, 'state', { offset, json: `{"k":"snap","ts":${ts},"v":{${values}}}` }, at)

  function snapshot(position: Position): readonly Message[] {
    if (cached?.offset === position.offset) return cached.messages
    const entries = [...slots]
    const newest = entries.map(([, { message }]) => message).toSorted((a, b) => offsetOf(a) - offsetOf(b))
    const last = newest.at(-1)
    if (last === undefined) return []
    const { ts } = JSON.parse(last.json) as { ts: number }
    const values = entries.map(([key, { value }]) => `${JSON.stringify(key)}:${value}`).join(',')
    const messages =
      values.length <= wholeSnapshot
        ? [snap(position.offset, values, ts, last.at)]
        : [snap(0, '', ts, last.at), ...newest]
    cached = { offset: position.offset, messages }
    return messages
  }
  return {
    add(message, value) {
      cached = undefined
      if (value === undefined) slots.delete(message.key ?? '')
      else slots.set(message.key ?? '', { message, value: JSON.stringify(value) })
    },
    resume(position, since) {
      const level = since?.epoch === position.epoch && since.offset === position.offset
      const publications = level ? [] : snapshot(position)
      return { position, recovered: level || publications.length > 0, publications }
    },
  }
}
