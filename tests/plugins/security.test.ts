import websocket from '@fastify/websocket'
import { fastify, type FastifyInstance } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { security } from '../../src/plugins/security.ts'

let app: FastifyInstance
afterEach(() => app.close())

async function build(origins: string[] = []): Promise<number> {
  app = fastify({ forceCloseConnections: true })
  await security(app, { host: '127.0.0.1', origins })
  await app.register(websocket)
  app.get('/', () => 'page')
  app.post('/', () => 'changed')
  app.get('/socket', { websocket: true }, (socket) => socket.send('hello'))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** What a socket got: its first message, or the status of the refusal. */
const connect = (port: number, headers: Record<string, string>): Promise<string> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, { headers })
    socket.on('message', (data: Buffer) => {
      socket.terminate()
      resolve(data.toString())
    })
    socket.on('unexpected-response', (request, response) => {
      request.destroy()
      resolve(String(response.statusCode))
    })
    socket.on('error', () => undefined)
  })

test('every answer carries the headers, refusals too', async () => {
  const port = await build()
  for (const headers of [{}, { origin: 'http://evil.example' }]) {
    const response = await app.inject({ url: '/', headers: { host: `localhost:${port}`, ...headers } })
    const policy = String(response.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`connect-src 'self' ws://localhost:${port}`)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(response.headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(response.headers).not.toHaveProperty('strict-transport-security')
  }
})

test('a rebound name is refused, and not repeated', async () => {
  await build()
  const response = await app.inject({ url: '/', headers: { host: 'rebound.evil.example' } })
  expect(response.statusCode).toBe(421)
  expect(JSON.stringify([response.body, response.headers])).not.toContain('evil')
  expect((await app.inject({ url: '/', headers: { host: "localhost; script-src 'unsafe-inline'" } })).statusCode).toBe(
    421,
  )
})

test('a foreign page can neither post nor connect; our own and a configured one can', async () => {
  const port = await build(['https://aura.example'])
  const post = async (origin: string) =>
    (await app.inject({ method: 'POST', url: '/', headers: { host: `127.0.0.1:${port}`, origin } })).statusCode
  for (const origin of ['http://evil.example', 'null', `http://127.0.0.1:${port + 1}`, `https://127.0.0.1:${port}`]) {
    expect(await post(origin), origin).toBe(403)
    expect(await connect(port, { origin }), origin).toBe('403')
  }
  for (const origin of ['https://aura.example', `http://127.0.0.1:${port}`]) {
    expect(await post(origin), origin).toBe(200)
    expect(await connect(port, { origin }), origin).toBe('hello')
  }
  expect(await connect(port, {})).toBe('hello')
  expect(await connect(port, { host: 'rebound.evil.example' })).toBe('421')
})
