import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync, brotliCompressSync } from 'node:zlib'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { errors } from '../../src/plugins/errors.ts'
import { rights } from '../../src/plugins/rights.ts'
import web from '../../src/plugins/web.ts'
import { removeScratchAfterEach, scratch } from '../support/scratch.ts'

let root: string
let app: FastifyInstance

function build(): void {
  mkdirSync(join(root, 'assets'), { recursive: true })
  writeFileSync(join(root, 'index.html'), '<title>Aura</title>')
  writeFileSync(join(root, 'theme.js'), '// theme')
  writeFileSync(join(root, 'assets/index-abc.js'), 'plain')
  writeFileSync(join(root, 'assets/index-abc.js.br'), brotliCompressSync('compressed before'))
}

beforeEach(async () => {
  root = join(scratch(), 'dist')
  app = fastify()
  errors(app)
  rights(app)
  await app.register(web, { root })
  app.get('/api/thing', { config: { capability: 'public' } }, () => ({ thing: true }))
})
afterEach(() => app.close())
removeScratchAfterEach()

it.each(['/', '/models', '/settings/connections', '/settings'])(
  'serves the page at %s, checked each time',
  async (url) => {
    build()
    const { statusCode, headers, body } = await app.inject(url)
    expect([statusCode, body]).toEqual([200, '<title>Aura</title>'])
    expect(headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': expect.stringContaining('text/html') })
  },
)

it.each([
  '/api/nothing',
  '/connection/nothing',
  '/model',
  '/assets',
  '/foo',
  '/assets/gone.js',
  '/assets/../index.html',
])('answers 404 at %s, never the page', async (url) => {
  build()
  const { statusCode, body } = await app.inject(url)
  expect(statusCode).toBe(404)
  expect(body).not.toContain('<title>')
})

it('leaves the API alone', async () => {
  build()
  expect((await app.inject('/api/thing')).json()).toEqual({ thing: true })
})

it('hands out hashed files for ever, compressed beforehand where asked for', async () => {
  build()
  const plain = await app.inject('/assets/index-abc.js')
  expect(plain.body).toBe('plain')
  expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  const { headers, rawPayload } = await app.inject({
    url: '/assets/index-abc.js',
    headers: { 'accept-encoding': 'gzip, br' },
  })
  expect(headers).toMatchObject({ 'content-encoding': 'br', 'content-type': expect.stringContaining('javascript') })
  expect(brotliDecompressSync(rawPayload).toString()).toBe('compressed before')
})

it('says what to do while the console is not built, and finds it once it is', async () => {
  const before = await app.inject('/models')
  expect(before.statusCode).toBe(503)
  expect(before.body).toContain('node bin/build-web.js')
  build()
  expect((await app.inject('/models')).statusCode).toBe(200)
})
