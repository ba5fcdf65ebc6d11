import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from '../../auth/refuse.ts'
import { builtIn } from '../../auth/principal.ts'
import { isLoopback } from '../../auth/loopback.ts'
import type { Bridge } from '../bridge.ts'
import { createGuard, permittedTopic, principalOf, stillAdmitted } from '../limits/guard.ts'
import { createSocketBooks, type SocketBooks } from '../limits/sockets.ts'
import type { Position, Topic } from '../types.ts'
import { answerOf, cursorOf, parseCursor, tellsMore } from './poll-cursor.ts'

/** How long a request waits for something to tell, ms; below the patience of common proxies. */
export const hang = 25_000

/** State that changes together is told together. */
const gather: Readonly<Record<Topic['class'], number>> = { state: 100, stream: 16, event: 16, alert: 0 }

const waitingLimits = { total: 2000, perPrincipal: 64, perAddress: 256 }
const noRoom = { status: 429, code: 'TOO_MANY_REQUESTS', message: 'Too many requests wait already', retryAfter: 5 }
const maintained = { status: 503, code: 'MAINTENANCE', message: 'The live bridge is under maintenance', retryAfter: 30 }
const badCursor = { status: 400, code: 'BAD_REQUEST', message: 'since must be epoch:offset' }

interface Query {
  readonly topic?: unknown
  readonly since?: unknown
}

/** Resolves when something is published, after `ms`, or when told to stop. */
function somethingNew(bridge: Bridge, topic: Topic, ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let timer = setTimeout(finish, ms)
    const leave = bridge.hub.subscribe(topic.name, () => {
      leave()
      clearTimeout(timer)
      timer = setTimeout(finish, gather[topic.class])
    })
    function finish(): void {
      clearTimeout(timer)
      leave()
      stop.removeEventListener('abort', finish)
      resolve()
    }
    stop.addEventListener('abort', finish)
    if (stop.aborted) finish()
  })
}

function answer(bridge: Bridge, reply: FastifyReply, topic: Topic, since: Position | undefined): FastifyReply {
  const resume = bridge.hub.history(topic.name, since)
  void reply.header('cache-control', 'no-store').header('etag', `"${cursorOf(resume.position)}"`)
  if (!tellsMore(resume, since)) return reply.code(204).send()
  return reply.type('application/json; charset=utf-8').send(answerOf(resume))
}

/** A socket is told by its code; here there is only the status. */
const refuseMaintained =
  (bridge: Bridge) =>
  async (_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> =>
    bridge.maintained ? refuse(reply, maintained) : undefined

/** A signal for the time that somebody waits for an answer: over when the peer is gone or the server closes. */
function patienceOf(request: FastifyRequest, closing: AbortSignal): AbortSignal {
  const gone = new AbortController()
  request.raw.socket.once('close', () => gone.abort())
  return AbortSignal.any([gone.signal, closing])
}

async function waitAndAnswer(
  bridge: Bridge,
  books: SocketBooks,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  { topic, since, stop }: { readonly topic: Topic; readonly since: Position; readonly stop: AbortSignal },
): Promise<FastifyReply> {
  const release = books.open(principalOf(request).id, request.ip)
  if (release === undefined) return refuse(reply, noRoom)
  try {
    await somethingNew(bridge, topic, hang, stop)
  } finally {
    release()
  }
  // Rights may have changed while it waited, and so may who it is.
  if (!(await stillAdmitted(bridge, request, reply))) return reply
  return permittedTopic(bridge, request, reply, topic.name) === undefined ? reply : answer(bridge, reply, topic, since)
}

/**
 * `GET /api/poll?topic=…&since=epoch:offset`: what followed the cursor, waiting for it if need be; 204 if there was
 * nothing. Without `since`: the position, and for class state the snapshot. The cursor is that of the sockets.
 */
export function poll(app: FastifyInstance, bridge: Bridge): void {
  const books = createSocketBooks(waitingLimits, (key) => key === builtIn.id || isLoopback(key))
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())
  app.get<{ Querystring: Query }>(
    '/api/poll',
    {
      config: { capability: 'public' },
      exposeHeadRoute: false,
      onRequest: [refuseMaintained(bridge), createGuard(bridge)],
    },
    async (request, reply) => {
      const { topic: name, since: text } = request.query
      const topic = permittedTopic(bridge, request, reply, typeof name === 'string' ? name : '')
      if (topic === undefined) return reply
      const since = typeof text === 'string' ? parseCursor(text) : undefined
      if (text !== undefined && since === undefined) return refuse(reply, badCursor)
      if (since === undefined || tellsMore(bridge.hub.history(topic.name, since), since)) {
        return answer(bridge, reply, topic, since)
      }
      const stop = patienceOf(request, closing.signal)
      return waitAndAnswer(bridge, books, { request, reply }, { topic, since, stop })
    },
  )
}
