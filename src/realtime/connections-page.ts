import type { FastifyInstance } from 'fastify'
import { refuse } from '../auth/refuse.ts'
import type { Totals } from './totals.ts'
import type { ConnectionInfo, ConnectionsAnswer, ConnectionTotals } from './types.ts'

/** Where the next page begins: connections are listed by age, those of the same age by id. */
type Cursor = Pick<ConnectionInfo, 'since' | 'id'>

const order = (a: Cursor, b: Cursor): number => a.since - b.since || (a.id < b.id ? -1 : Number(a.id > b.id))

const encode = ({ since, id }: Cursor): string => Buffer.from(`${since}:${id}`).toString('base64url')

function decode(text: string): Cursor | undefined {
  const [, since, id] = /^(\d{1,15}):([\w-]{1,64})$/.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? []
  return since === undefined || id === undefined ? undefined : { since: Number(since), id }
}

/** One page of the connections after `cursor`, oldest first, and where the next one begins if there is one. */
export function pageOf(
  all: readonly ConnectionInfo[],
  limit: number,
  cursor: Cursor | undefined,
): Omit<ConnectionsAnswer, 'totals'> {
  const rest = all.filter((each) => cursor === undefined || order(each, cursor) > 0).toSorted(order)
  const connections = rest.slice(0, limit)
  const last = connections.at(-1)
  return rest.length > limit && last !== undefined ? { connections, next: encode(last) } : { connections }
}

function tally(keys: Iterable<string>): Record<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return Object.fromEntries(counts)
}

const sum = (all: readonly ConnectionInfo[], of: (info: ConnectionInfo) => number): number =>
  all.reduce((total, info) => total + of(info), 0)

/** Everybody together. */
export function totalsOf(
  all: readonly ConnectionInfo[],
  { published, delivered, skipped, closes }: Totals,
): ConnectionTotals {
  return {
    connections: all.length,
    byTransport: tally(all.map(({ transport }) => transport)),
    subscriptions: tally(all.flatMap(({ subscriptions }) => subscriptions)),
    queue: { bytes: sum(all, ({ queue }) => queue.bytes), depth: sum(all, ({ queue }) => queue.depth) },
    published: { ...published },
    delivered: { ...delivered },
    skipped,
    closes: Object.fromEntries(closes),
  }
}

const most = 500
const usual = 100
const badQuery = { status: 400, code: 'BAD_REQUEST', message: `limit must be 1 to ${most}, cursor that of a page` }

function limitOf(text: unknown): number | undefined {
  if (text === undefined) return usual
  const limit = typeof text === 'string' && /^\d{1,3}$/.test(text) ? Number(text) : 0
  return limit >= 1 && limit <= most ? limit : undefined
}

/**
 * `GET /api/websocket/connections?limit=&cursor=`: who is connected and how it fares, a page at a time, and the totals.
 * Holds no token, no full address and no payload.
 */
export function connectionsPage(
  app: FastifyInstance,
  source: { readonly connections: () => readonly ConnectionInfo[]; readonly totals: Totals },
): void {
  app.get<{ Querystring: { readonly limit?: unknown; readonly cursor?: unknown } }>(
    '/api/websocket/connections',
    { config: { capability: 'connections:read' } },
    async ({ query }, reply) => {
      const limit = limitOf(query.limit)
      const cursor = typeof query.cursor === 'string' ? decode(query.cursor) : undefined
      if (limit === undefined || (query.cursor !== undefined && cursor === undefined)) return refuse(reply, badQuery)
      const all = source.connections()
      void reply.header('cache-control', 'no-store')
      return { ...pageOf(all, limit, cursor), totals: totalsOf(all, source.totals) }
    },
  )
}
