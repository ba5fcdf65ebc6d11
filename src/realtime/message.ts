import type { Payload, Publication, TopicClass, Transport } from './types.ts'

/** A publication on its way, shared by all who get it: encoded once, framed once, referenced from every queue. */
export interface Message extends Publication {
  readonly topic: string
  readonly class: TopicClass
  /** The push as it goes to a client of the protocol. */
  readonly text: string
  /** Bytes of `text` in UTF-8. */
  readonly bytes: number
  /** Monotonic ms, for the latency of delivery. */
  readonly at: number
  /** Class stream: the last of its stream. */
  readonly last?: true
  /** Where a transport keeps the form that it shares between its connections. */
  frame?: Uint8Array
}

/** A transport that can write a message in a form shared between connections. */
export interface SharingTransport extends Transport {
  /** `control` leaves first; all of it in one write. */
  sendShared(control: readonly string[], messages: readonly Message[]): void
  /** One message in one write, without a queue; false when something is before it, and then nothing was written. */
  readonly pass: (message: Message) => boolean
}

/** A transport with pings of its own; its pongs are handed to the session as received text. */
export interface PingingTransport extends Transport {
  ping(): void
}

/** Whether this transport only carries what the server says: commands come by POST. */
export const posts = ({ kind }: Transport): boolean => kind === 'sse' || kind === 'http_stream'

const kinds = { alert: 'event', event: 'event', stream: 'append', state: 'delta' } as const

/** JSON of the payload that a published value becomes. `undefined` as value of a state key tells that the key is gone. */
export function encodePayload(
  kind: TopicClass,
  value: unknown,
  key: string | undefined,
  { ts, last }: { readonly ts: number; readonly last: boolean },
): string {
  const payload: Payload = {
    k: kinds[kind],
    ...(key !== undefined && { s: key }),
    ts,
    v: value,
    ...(last && kind === 'stream' && { end: true }),
  }
  return JSON.stringify(payload)
}

/** The message of a publication. */
export function toMessage(
  topic: string,
  kind: TopicClass,
  publication: Publication & { readonly last?: true },
  at: number,
): Message {
  const text = `{"push":{"channel":${JSON.stringify(topic)},"pub":${publicationJson(publication)}}}`
  return { ...publication, topic, class: kind, text, bytes: Buffer.byteLength(text), at }
}

/** A publication as the protocol writes it; offset 0 stands for none, which leaves the client's position alone. */
export function publicationJson({ offset, json }: Publication): string {
  return offset > 0 ? `{"offset":${offset},"data":${json}}` : `{"data":${json}}`
}
