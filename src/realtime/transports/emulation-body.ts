import type { FastifyInstance } from 'fastify'
import { inboundBytes } from '../limits/index.ts'

/** Commands travel as a JSON string within JSON: each of their quotes takes two bytes. */
const bodyLimit = 2 * inboundBytes + 1024

const notText = Object.assign(new Error('The body is not UTF-8'), { statusCode: 400, code: 'BAD_REQUEST' })

/** Within this scope a JSON body is handed on as text: parsing is the bridge's own, which knows how deep it may go. */
export function takeText(scope: FastifyInstance): void {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => {
    try {
      done(null, decoder.decode(body as Buffer))
    } catch {
      done(notText)
    }
  })
}
