import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import type { Capability } from '../../src/auth/capabilities.ts'
import { builtIn } from '../../src/auth/principal.ts'
import { StartError } from '../../src/errors.ts'
import { errors } from '../../src/plugins/errors.ts'
import { declareAll, rights, type RightsOptions } from '../../src/plugins/rights.ts'

function build(options?: RightsOptions) {
  const app = fastify()
  errors(app)
  rights(app, options)
  return app
}

const only = (capability: string) => ({ ...builtIn, id: 'x', may: (asked: string) => asked === capability })

test('a route without a capability fails the start, and is named', async () => {
  const app = build()
  app.get('/good', { config: { capability: 'public' } }, () => 'ok')
  app.get('/forgotten', () => 'ok')
  await app.register(async (inner) => void inner.post('/also', { config: {} }, () => 'ok'), { prefix: '/inner' })
  await expect(app.ready()).rejects.toThrow(StartError)
  const again = build()
  again.get('/forgotten', () => 'ok')
  await expect(again.ready()).rejects.toThrow('routes without a capability in their config: GET /forgotten')
})

test('a capability that does not exist fails the start', async () => {
  const app = build()
  app.get('/a', { config: { capability: 'toString' as Capability } }, () => 'ok')
  await expect(app.ready()).rejects.toThrow('GET /a')
})

test('routes of a foreign plugin can be declared together; their own word counts', async () => {
  const app = build({ principalOf: () => undefined })
  await app.register(async (inner) => {
    declareAll(inner, 'public')
    inner.get('/file', () => 'file')
    inner.get('/own', { config: { capability: 'system:read' } }, () => 'own')
  })
  expect((await app.inject('/file')).body).toBe('file')
  expect((await app.inject('/own')).statusCode).toBe(401)
})

test('who holds the right gets in, others get a clear 403, HEAD as GET', async () => {
  const app = build({ principalOf: ({ headers }) => (headers['x-who'] === 'x' ? only('system:read') : undefined) })
  let ran = 0
  app.get('/system', { config: { capability: 'system:read' } }, () => `${++ran}`)
  app.get('/database', { config: { capability: 'database:read' } }, () => `${++ran}`)
  const headers = { 'x-who': 'x' }
  expect((await app.inject({ url: '/system', headers })).statusCode).toBe(200)
  expect(ran).toBe(1)
  const refused = await app.inject({ url: '/database', headers })
  expect(refused.statusCode).toBe(403)
  expect(refused.json()).toEqual({
    error: { code: 'FORBIDDEN', message: 'You do not hold the right database:read' },
  })
  expect((await app.inject({ method: 'HEAD', url: '/database', headers })).statusCode).toBe(403)
  const stranger = await app.inject('/system')
  expect(stranger.statusCode).toBe(401)
  expect(stranger.json()).toEqual({ error: { code: 'UNAUTHENTICATED', message: 'Sign in first' } })
  expect(ran).toBe(1)
})

test('callers on this machine are the built-in principal, others are nobody', async () => {
  const app = build()
  app.get('/who', { config: { capability: 'system:read' } }, ({ principal }) => ({ id: principal?.id }))
  expect((await app.inject('/who')).json()).toEqual({ id: builtIn.id })
  const stranger = await app.inject({ url: '/who', remoteAddress: '192.168.1.9' })
  expect([stranger.statusCode, stranger.json().error.message]).toEqual([403, expect.stringContaining('accounts')])
})

test('what is not there is 404 for everyone', async () => {
  const app = build({ principalOf: () => undefined })
  expect((await app.inject('/nothing')).statusCode).toBe(404)
})
