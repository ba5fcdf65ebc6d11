import { errors } from '../codes.ts'
import { refuse, type Connection } from '../connection.ts'
import { publicationJson } from '../message.ts'
import type { Params } from '../protocol/parse.ts'
import type { Position } from '../types.ts'
import { fitting } from './subscribe.ts'

/** `{offset, epoch}` as the protocol has it; undefined if it is something else. */
function positionOf(since: Params['since']): Position | undefined {
  const { offset = 0, epoch = '' } = since ?? {}
  const whole = Number.isSafeInteger(offset) && (offset as number) >= 0 && typeof epoch === 'string'
  return whole ? { offset: offset as number, epoch } : undefined
}

/**
 * What a topic has published after `since`, up to `limit` of it and as much as fits into a frame, and where it stands; without `since` only that, and of
 * class state the newest values. What is no longer there in full is error 112, never a part of it.
 */
export function history(connection: Connection, id: number, params: Params): void {
  const { shared, principal, outbox } = connection
  const { channel = '', since, limit = 0, reverse = false } = params
  const topic = shared.hub.topic(channel)
  if (topic === undefined) return refuse(connection, id, errors.unknownChannel)
  if (!principal.may(topic.capability)) return refuse(connection, id, errors.denied)
  const position = positionOf(since)
  if (reverse || position === undefined)
    return refuse(connection, id, reverse ? errors.notAvailable : errors.badRequest)
  const found = shared.hub.history(channel, since && position)
  if (since !== undefined && !found.recovered) return refuse(connection, id, errors.unrecoverable)
  const publications = found.publications.slice(0, Math.min(limit, fitting(found.publications))).map(publicationJson)
  const head = JSON.stringify(found.position).slice(0, -1)
  shared.post.control(outbox, `{"id":${id},"history":${head},"publications":[${publications.join(',')}]}}`)
}
