import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Live } from '../lib/live.ts'
import { plainJson } from '../lib/query.ts'
import { wire } from '../schemas.ts'
import type { DatabaseHealth } from './contract.ts'
import { topic } from './topic.ts'

/** `/api/database/health`; a state younger than `age` ms is shown again. */
export function databaseRoutes(app: FastifyInstance, live: Live<DatabaseHealth>, age: number): void {
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    '/api/database/health',
    {
      config: { capability: topic.capability },
      serializerCompiler: plainJson,
      schema: { tags: ['database'], summary: 'PostgreSQL now', response: { 200: wire.DatabaseHealth } },
    },
    () => live.state(age),
  )
}
