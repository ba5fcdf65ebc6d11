import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Live } from '../lib/live.ts'
import { plainJson } from '../lib/query.ts'
import { wire } from '../schemas.ts'
import type { FiringAlerts } from './contract.ts'
import { topic } from './topic.ts'

/** `/api/alerts/firing`; a state younger than `age` ms is shown again. */
export function alertsRoutes(app: FastifyInstance, live: Live<FiringAlerts>, age: number): void {
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    '/api/alerts/firing',
    {
      config: { capability: topic.capability },
      serializerCompiler: plainJson,
      schema: { tags: ['alerts'], summary: 'Alerts now firing or pending', response: { 200: wire.FiringAlerts } },
    },
    () => live.state(age),
  )
}
