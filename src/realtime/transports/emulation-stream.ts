import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Transport } from '../types.ts'
import { displayed } from './peer.ts'

/** How messages are written to a response that does not end. */
export interface StreamFormat {
  readonly kind: Extract<Transport['kind'], 'sse' | 'http_stream'>
  readonly contentType: string
  /** One protocol message, JSON without line breaks. */
  readonly frame: (message: string) => string
}

// For a peer that does not read what is left for it.
const lastWords = 2000

const disconnectPush = (code: number, reason: string): string =>
  JSON.stringify({ push: { disconnect: { code, reason } } })

function begin(reply: FastifyReply, contentType: string): ServerResponse {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    'content-type': contentType,
    // A proxy that keeps or rewrites a stream breaks it.
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  })
  raw.flushHeaders()
  return raw
}

/** Takes over the response and makes a transport of it. A close is a push of the protocol, then the end of the stream. */
export function openStream(request: FastifyRequest, reply: FastifyReply, format: StreamFormat): Transport {
  const raw = begin(reply, format.contentType)
  return {
    kind: format.kind,
    peer: displayed(request.ip),
    get buffered() {
      return raw.writableLength
    },
    send(messages) {
      if (!raw.writableEnded && !raw.destroyed) raw.write(messages.map(format.frame).join(''))
    },
    close(code, reason) {
      if (raw.writableEnded || raw.destroyed) return
      raw.end(format.frame(disconnectPush(code, reason)))
      const patience = setTimeout(() => raw.destroy(), lastWords).unref()
      raw.once('close', () => clearTimeout(patience))
    },
  }
}
