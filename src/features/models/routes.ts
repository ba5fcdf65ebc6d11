import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Live } from '../lib/live.ts'
import { plainJson } from '../lib/query.ts'
import { wire } from '../schemas.ts'
import type { ModelsStatus } from './contract.ts'
import { topic } from './topic.ts'

/** `/api/models/status`; a state younger than `age` ms is shown again. */
export function modelsRoutes(app: FastifyInstance, live: Live<ModelsStatus>, age: number): void {
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    '/api/models/status',
    {
      config: { capability: topic.capability },
      serializerCompiler: plainJson,
      schema: { tags: ['models'], summary: 'Ollama and its models', response: { 200: wire.ModelsStatus } },
    },
    () => live.state(age),
  )
}
