import type { FastifyInstance } from 'fastify'

/** One thing that must work before Aura is of use; resolves to undefined, or to what is missing. */
export type Check = () => Promise<string | undefined> | string | undefined

type Checks = Readonly<Record<string, Check>>

const run = async (checks: Checks): Promise<(readonly [string, string])[]> =>
  Promise.all(Object.entries(checks).map(async ([name, check]) => [name, (await check()) ?? 'ok'] as const))

/**
 * `/healthz`: the process answers. `/readyz`: 200 when every check passes, 503 naming those that do not. What Aura can do
 * without for a while is among `helpers`: when one of those does not pass, it is 200 and `degraded`.
 */
export function health(app: FastifyInstance, checks: Checks, helpers: Checks = {}): void {
  const open = { config: { capability: 'public' } } as const
  app.get('/healthz', open, () => ({ status: 'ok' }))
  app.get('/readyz', open, async (_request, reply) => {
    const [needed, helping] = await Promise.all([run(checks), run(helpers)])
    const fine = (results: typeof needed): boolean => results.every(([, state]) => state === 'ok')
    const ready = fine(needed)
    const status = ready ? (fine(helping) ? 'ok' : 'degraded') : 'not ready'
    return reply.code(ready ? 200 : 503).send({ status, checks: Object.fromEntries([...needed, ...helping]) })
  })
}
