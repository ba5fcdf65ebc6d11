import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { History } from '../lib/history.ts'
import type { Live } from '../lib/live.ts'
import { NoPrometheusError, type Prometheus } from '../lib/prometheus.ts'
import { plainJson, wantedSeries } from '../lib/query.ts'
import { wire } from '../schemas.ts'
import type { SystemMetrics } from './contract.ts'
import { rangeQueries } from './queries.ts'
import { familiesOf, readRange } from './range.ts'
import { topic } from './topic.ts'

export interface SystemRoutes {
  readonly live: Live<SystemMetrics>
  readonly history: History
  readonly prometheus: Prometheus
  /** ms: a state younger than this is shown again. */
  readonly age: number
  readonly now: () => number
}

const config = { capability: topic.capability }
const tags = ['system']

/** `/api/system/metrics`, `/api/system/history`, `/api/system/range`. */
export function systemRoutes(plain: FastifyInstance, { live, history, prometheus, age, now }: SystemRoutes): void {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>()
  app.get(
    '/api/system/metrics',
    {
      config,
      serializerCompiler: plainJson,
      schema: { tags, summary: 'This machine now', response: { 200: wire.SystemMetrics } },
    },
    () => live.state(age),
  )
  app.get(
    '/api/system/history',
    {
      config,
      serializerCompiler: plainJson,
      schema: {
        tags,
        summary: 'The last minutes, from memory',
        querystring: wire.HistoryQuery,
        response: { 200: wire.SystemHistory },
      },
    },
    ({ query }) => history.since(now() - query.minutes * 60_000, wantedSeries(query.series)),
  )
  app.get(
    '/api/system/range',
    {
      config,
      serializerCompiler: plainJson,
      schema: {
        tags,
        summary: 'Longer ranges, from Prometheus',
        description: `Series by the names of the history: ${[...rangeQueries.keys()].join(', ')}; * is a device.`,
        querystring: wire.RangeQuery,
        response: { 200: wire.SystemHistory, 400: wire.ErrorAnswer, 503: wire.ErrorAnswer },
      },
    },
    async ({ query }, reply) => {
      if (familiesOf(query.series).length === 0) {
        return reply.code(400).send({ error: { code: 'UNKNOWN_SERIES', message: 'no series of that name' } })
      }
      try {
        return await readRange(prometheus, query.series, query.minutes, now())
      } catch (error) {
        if (!(error instanceof NoPrometheusError)) throw error
        return reply.code(503).send({ error: { code: error.code, message: error.message } })
      }
    },
  )
}
