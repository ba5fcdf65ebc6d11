import { toMessage, type Message } from './message.ts'
import type { Payload } from './types.ts'

/** Pieces are joined up to about this, bytes: the result has to fit into one frame. */
const mostBytes = 64 * 1024

/** Neighbouring pieces of one stream. */
interface Run {
  readonly messages: Message[]
  bytes: number
}

function runsOf(messages: readonly Message[]): Run[] {
  const runs: Run[] = []
  for (const message of messages) {
    const run = runs.at(-1)
    const before = run?.messages.at(-1)
    const follows = before?.topic === message.topic && before.key === message.key && before.last !== true
    if (run !== undefined && follows && run.bytes + message.bytes <= mostBytes) {
      run.messages.push(message)
      run.bytes += message.bytes
    } else runs.push({ messages: [message], bytes: message.bytes })
  }
  return runs
}

/** All values as one, or undefined where that has no meaning. */
function joined(values: readonly unknown[]): unknown {
  if (values.every((value) => typeof value === 'string')) return values.join('')
  return values.every((value) => Array.isArray(value)) ? (values as unknown[][]).flat() : undefined
}

/** One piece under the offset of the last: a client that has it has them all. */
function join({ messages }: Run): readonly Message[] {
  const last = messages.at(-1)
  if (last === undefined || messages.length === 1) return messages
  const payloads = messages.map(({ json }) => JSON.parse(json) as Payload)
  const v = joined(payloads.map((payload) => payload.v))
  if (v === undefined) return messages
  const n = payloads.reduce((sum, payload) => sum + (payload.n ?? 1), 0)
  const json = JSON.stringify({ ...payloads.at(-1), v, n })
  const { topic, offset, key, at } = last
  const optional = { ...(key !== undefined && { key }), ...(last.last && { last: last.last }) }
  return [toMessage(topic, 'stream', { offset, json, ...optional }, at)]
}

/**
 * Joins neighbours that are pieces of one stream, where they are strings or arrays: nothing is left out, and for a
 * reader that lags there is one envelope instead of hundreds.
 */
export const joinAppends = (messages: readonly Message[]): Message[] => runsOf(messages).flatMap(join)
