import type { FastifyInstance } from 'fastify'

/** One thing that must work before Aura is of use; resolves to undefined, or to what is missing. */
export type Check = () => Promise<string | undefined> | string | undefined

/** `/healthz`: the process answers. `/readyz`: 200 when every check passes, 503 naming those that do not. */
export function health(app: FastifyInstance, checks: Readonly<Record<string, Check>>): void {
  const open = { config: { capability: 'public' } } as const
  app.get('/healthz', open, () => ({ status: 'ok' }))
  app.get('/readyz', open, async (_request, reply) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, (await check()) ?? 'ok'] as const),
    )
    const ready = results.every(([, state]) => state === 'ok')
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ok' : 'not ready', checks: Object.fromEntries(results) })
  })
}
