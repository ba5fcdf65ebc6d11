import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { History } from '../lib/history.ts'
import type { Live } from '../lib/live.ts'
import { plainJson, wantedSeries } from '../lib/query.ts'
import { wire } from '../schemas.ts'
import type { DatabaseHealth } from './contract.ts'
import { topic } from './topic.ts'

export interface DatabaseRoutes {
  readonly live: Live<DatabaseHealth>
  readonly history: History
  /** ms: a state younger than this is shown again. */
  readonly age: number
  readonly now: () => number
}

const config = { capability: topic.capability }
const tags = ['database']

/** `/api/database/health`, `/api/database/history`. */
export function databaseRoutes(plain: FastifyInstance, { live, history, age, now }: DatabaseRoutes): void {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>()
  app.get(
    '/api/database/health',
    {
      config,
      serializerCompiler: plainJson,
      schema: { tags, summary: 'PostgreSQL now', response: { 200: wire.DatabaseHealth } },
    },
    () => live.state(age),
  )
  app.get(
    '/api/database/history',
    {
      config,
      serializerCompiler: plainJson,
      schema: {
        tags,
        summary: 'The last minutes, from memory',
        description: 'Series: connections.used, connections.state.*, activity.commits and the like.',
        querystring: wire.HistoryQuery,
        response: { 200: wire.SystemHistory },
      },
    },
    ({ query }) => history.since(now() - query.minutes * 60_000, wantedSeries(query.series)),
  )
}
