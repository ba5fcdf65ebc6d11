import type { FastifyInstance } from 'fastify'
import { asyncApi } from '../features/asyncapi.ts'
import { eventSchemas, schemas } from '../features/schemas.ts'
import type { Topic } from '../realtime/types.ts'
import { version } from '../version.ts'

export interface OpenApiOptions {
  /** The declared topics, asked for when the document is. */
  readonly topics: () => readonly Topic[]
}

const description = 'Observability and operations for people who run AI models on their own machines.'

/**
 * `/api/openapi.json` and `/api/asyncapi.json`, made from the routes' schemas and the topics' contracts when they are
 * first asked for. Register it before the routes that it is to describe.
 */
async function openapi(app: FastifyInstance, { topics }: OpenApiOptions): Promise<void> {
  await app.register(import('@fastify/swagger'), {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Aura', version, description, license: { name: 'Apache-2.0' } },
    },
    transform: ({ schema, url, route }) => {
      const capability = route.config?.capability
      return { url, schema: { ...schema, ...(capability && { security: [], 'x-capability': capability }) } }
    },
  })
  const config = { capability: 'public' } as const
  const schema = { hide: true }
  app.get('/api/openapi.json', { config, schema }, () => app.swagger())
  const all = { ...schemas, ...eventSchemas }
  app.get('/api/asyncapi.json', { config, schema }, () => asyncApi({ version, topics: topics(), schemas: all }))
}

// Shared with the whole app, as fastify-plugin would make it.
export default Object.assign(openapi, { [Symbol.for('skip-override')]: true })
