import type { FastifyInstance } from 'fastify'
import { declareAll } from './rights.ts'

// Swagger UI styles some elements inline and draws its icons from data URLs; it runs no inline script.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"

/** A page to read the OpenAPI document at `/api/docs`, served from here alone. */
async function apiDocs(app: FastifyInstance): Promise<void> {
  await app.register(async (scope) => {
    declareAll(scope, 'public')
    scope.addHook('onSend', async (_request, reply) => {
      void reply.header('content-security-policy', policy)
    })
    await scope.register(import('@fastify/swagger-ui'), {
      routePrefix: '/api/docs',
      uiConfig: { docExpansion: 'list', deepLinking: false },
    })
  })
}

// Shared with the whole app, as fastify-plugin would make it.
export default Object.assign(apiDocs, { [Symbol.for('skip-override')]: true })
