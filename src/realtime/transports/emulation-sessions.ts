import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Bridge } from '../bridge.ts'
import { principalOf } from '../limits/guard.ts'
import { openStream, type StreamFormat } from './emulation-stream.ts'

const remembered = 1024
const ended = new WeakMap<Bridge, Set<string>>()

/** Whether a session ended here not long ago: its stream says so itself, and how. */
export const endedHere = (bridge: Bridge, id: string): boolean => ended.get(bridge)?.has(id) ?? false

function remember(bridge: Bridge, id: string): void {
  const ids = ended.get(bridge) ?? new Set()
  ended.set(bridge, ids)
  ids.add(id)
  const oldest = ids.size > remembered ? ids.values().next().value : undefined
  if (oldest !== undefined) ids.delete(oldest)
}

/** A session whose answers and pushes leave as a stream, and whose first commands came with the request. */
export function openEmulated(
  bridge: Bridge,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  format: StreamFormat,
  commands: string,
): void {
  const session = bridge.open(openStream(request, reply, format), principalOf(request))
  reply.raw.once('close', () => {
    remember(bridge, session.emulationId)
    session.closed()
  })
  session.receive(commands)
}
