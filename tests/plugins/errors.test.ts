import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import { InvalidRequestError, RefusedError } from '../../src/errors.ts'
import { errors } from '../../src/plugins/errors.ts'

const schema = { body: { type: 'object', required: ['n'], properties: { n: { type: 'number' } } } }

function build() {
  const app = fastify({ bodyLimit: 100 })
  errors(app)
  app.post('/', { schema }, () => 'taken')
  app.get('/own', () => {
    throw new RefusedError(409, 'IN_USE', 'Somebody has it', { by: 'ada' })
  })
  app.get('/invalid', () => {
    throw new InvalidRequestError('No such range')
  })
  app.get('/broken', () => {
    throw new Error('password is hunter2')
  })
  return app
}

const post = (payload: string, type = 'application/json') =>
  ({ method: 'POST', url: '/', payload, headers: { 'content-type': type } }) as const

test.each([
  ['a body against the schema', post('{"n":"many"}'), 400, 'BAD_REQUEST'],
  ['half a body', post('{"n":'), 400, 'BAD_REQUEST'],
  ['no body', post(''), 400, 'BAD_REQUEST'],
  ['a body that reaches for the prototype', post('{"__proto__":{}}'), 400, 'BAD_REQUEST'],
  ['a body that is too long', post(`{"n":1,"x":"${'x'.repeat(200)}"}`), 413, 'TOO_LARGE'],
  ['another type', post('n=1', 'text/csv'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['what is not there', { method: 'GET', url: '/nowhere' } as const, 404, 'NOT_FOUND'],
  ['a request that makes no sense', { method: 'GET', url: '/invalid' } as const, 400, 'INVALID'],
  ['our own fault', { method: 'GET', url: '/broken' } as const, 500, 'INTERNAL'],
])('%s: a code of ours and nothing internal', async (_, request, status, code) => {
  const response = await build().inject(request)
  expect(response.statusCode).toBe(status)
  expect(response.json()).toEqual({ error: { code, message: expect.any(String) } })
  expect(response.body).not.toMatch(/FST_|hunter2|node_modules|\bat /)
})

test('a refusal says what a program needs besides', async () => {
  const response = await build().inject('/own')
  expect([response.statusCode, response.json()]).toEqual([
    409,
    { error: { code: 'IN_USE', message: 'Somebody has it', by: 'ada' } },
  ])
})
