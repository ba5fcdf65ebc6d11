import type { Close } from '../admission.ts'
import type { ErrorReply } from '../codes.ts'
import type { Resume } from '../engine.ts'
import { publicationJson, type Message } from '../message.ts'

/** A ping of the server. */
export const pingText = '{}'

/** The answer to a command that was carried out. */
export const reply = (id: number, name: string, result: object): string => JSON.stringify({ id, [name]: result })

export const errorReply = (id: number, error: ErrorReply): string => JSON.stringify({ id, error })

export const unsubscribePush = (channel: string, { code, reason }: Close): string =>
  JSON.stringify({ push: { channel, unsubscribe: { code, reason } } })

/** Tells that `n` values of a state topic were replaced before they could be sent. */
export const gapPayload = (ts: number, n: number): string => JSON.stringify({ k: 'gap', ts, n })

/** A push without an offset: the client's position stays where it is. */
export const barePush = (channel: string, payload: string): string =>
  `{"push":{"channel":${JSON.stringify(channel)},"pub":{"data":${payload}}}}`

/** How a subscribe reply begins; the publications follow as they were encoded. */
export function subscribeReply(
  id: number,
  { position, recovered }: Resume,
  options: { readonly recovering: boolean; readonly from: number; readonly ttl: number },
  publications: readonly Message[],
): string {
  const head = JSON.stringify({
    recoverable: true,
    positioned: true,
    epoch: position.epoch,
    offset: options.from,
    ...(options.recovering && { was_recovering: true, recovered }),
    ...(options.ttl > 0 && { expires: true, ttl: Math.ceil(options.ttl / 1000) }),
  })
  const tail = publications.length === 0 ? '' : `,"publications":[${publications.map(publicationJson).join(',')}]`
  return `{"id":${id},"subscribe":${head.slice(0, -1)}${tail}}}`
}
