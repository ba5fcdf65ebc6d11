import { existsSync } from 'node:fs'
import { fastify, type FastifyInstance } from 'fastify'
import { chromium, type Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { errors } from '../../src/plugins/errors.ts'
import realtime from '../../src/plugins/realtime.ts'
import { rights } from '../../src/plugins/rights.ts'
import { createOriginCheck, security } from '../../src/plugins/security.ts'
import { limitHandshakes } from '../../src/realtime/limits/handshakes.ts'
import { createLimits } from '../../src/realtime/limits/index.ts'
import { emulation } from '../../src/realtime/transports/emulation.ts'
import { httpStream } from '../../src/realtime/transports/http-stream.ts'
import { plain } from '../../src/realtime/transports/plain.ts'
import { poll } from '../../src/realtime/transports/poll.ts'
import { sse } from '../../src/realtime/transports/sse.ts'
import { until } from '../support/realtime.ts'

const executablePath = '/usr/bin/chromium'
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
const missing = existsSync(executablePath) ? '' : ` (skipped: no ${executablePath})`

/** Tries every way into the server at `base`, and tells which of them let it read anything. */
const page = `
const within = (promise) => Promise.race([promise, new Promise((_, no) => setTimeout(no, 5000))]).then(() => 'in', () => 'out')
const socket = (url) => new Promise((yes, no) => { const s = new WebSocket(url); s.onmessage = yes; s.onerror = no; s.onclose = no })
const events = (url) => new Promise((yes, no) => { const s = new EventSource(url); s.onmessage = yes; s.onerror = no })
const text = (url, init) => fetch(url, init).then((r) => (r.ok ? r.text() : Promise.reject(r.status)))
const command = JSON.stringify({ id: 1, connect: {} })
const json = { method: 'POST', headers: { 'content-type': 'application/json' } }
window.tryAll = async (base) => ({
  plain: await within(socket(base.replace('http', 'ws') + '/ws/state')),
  sse: await within(events(base + '/connection/sse?cf_connect=' + encodeURIComponent(command))),
  stream: await within(fetch(base + '/connection/http_stream', { ...json, body: command }).then((r) => r.ok ? r.body.getReader().read() : Promise.reject())),
  poll: await within(text(base + '/api/poll?topic=state')),
  api: await within(text(base + '/api/thing')),
  simplePost: await within(text(base + '/api/thing', { method: 'POST', mode: 'no-cors', body: 'x' })),
  inline: window.inline === true ? 'ran' : 'blocked',
})`

const html = '<!doctype html><script>window.inline = true</script><script src="/page.js"></script>'

const portOf = (app: FastifyInstance): number => {
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Everything in the order in which Aura puts it together. */
async function startAura() {
  const app = fastify({ forceCloseConnections: true })
  const posts: string[] = []
  const fromHere = createOriginCheck([])
  const limits = createLimits({}, () => performance.now())
  errors(app)
  await security(app, { host: '127.0.0.1', origins: [] })
  rights(app)
  limitHandshakes(app, limits)
  await app.register(realtime, {
    authenticate: ({ principal }) => principal,
    allowsOrigin: (_origin, request) => fromHere(request),
    contract: 1,
    version: '1',
    topics: [{ name: 'state', class: 'state', capability: 'system:read' }],
    admission: limits,
    transports: [plain, sse, httpStream, emulation, poll],
  })
  const config = { capability: 'public' } as const
  app.get('/', { config }, (_request, reply) => reply.type('text/html').send(html))
  app.get('/page.js', { config }, (_request, reply) => reply.type('text/javascript').send(page))
  app.get('/api/thing', { config: { capability: 'system:read' } }, ({ principal }) => principal?.id)
  app.addContentTypeParser('text/plain', (_request, _payload, done) => done(null, ''))
  app.post('/api/thing', { config: { capability: 'system:read' } }, () => {
    posts.push('changed')
    return 'changed'
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  app.bridge.publish('state', 1, 'a')
  return { app, posts, port: portOf(app) }
}

async function startForeign() {
  const app = fastify({ forceCloseConnections: true })
  app.get('/', (_request, reply) => reply.type('text/html').send(html))
  app.get('/page.js', (_request, reply) => reply.type('text/javascript').send(page))
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, port: portOf(app) }
}

const inBrowser = test.skipIf(missing !== '')

let browser: Browser
let aura: Awaited<ReturnType<typeof startAura>>
let foreign: Awaited<ReturnType<typeof startForeign>>
beforeAll(async () => {
  if (missing !== '') return
  browser = await chromium.launch({
    executablePath,
    args: [...args, '--host-resolver-rules=MAP rebound.example 127.0.0.1'],
  })
  aura = await startAura()
  foreign = await startForeign()
})
afterAll(async () => {
  await browser?.close()
  await aura?.app.close()
  await foreign?.app.close()
})

async function tryFrom(url: string, base: string): Promise<Record<string, string>> {
  const tab = await browser.newPage()
  try {
    await tab.goto(url)
    return await tab.evaluate(`tryAll(${JSON.stringify(base)})`)
  } finally {
    await tab.close()
  }
}

inBrowser.each(['127.0.0.1', 'localhost'])(
  `our own page under %s gets in every way, and no inline script runs${missing}`,
  async (host) => {
    const base = `http://${host}:${aura.port}`
    expect(await tryFrom(base, base)).toEqual({
      plain: 'in',
      sse: 'in',
      stream: 'in',
      poll: 'in',
      api: 'in',
      simplePost: 'in',
      inline: 'blocked',
    })
  },
)

inBrowser.each(['127.0.0.1', 'localhost'])(
  `a page of another port under %s gets in by none and changes nothing${missing}`,
  async (host) => {
    const before = aura.posts.length
    const tried = await tryFrom(`http://${host}:${foreign.port}`, `http://127.0.0.1:${aura.port}`)
    // The answer to a no-cors request is opaque: what counts is that nothing was changed.
    expect(tried).toMatchObject({ plain: 'out', sse: 'out', stream: 'out', poll: 'out', api: 'out', inline: 'ran' })
    expect(aura.posts.length).toBe(before)
    await until(() => aura.app.bridge.connections().length === 0)
  },
)

inBrowser(`a rebound name is not served${missing}`, async () => {
  const tab = await browser.newPage()
  const response = await tab.goto(`http://rebound.example:${aura.port}/`)
  expect(response?.status()).toBe(421)
  await tab.close()
})

inBrowser(`a link from elsewhere opens the console; a frame does not${missing}`, async () => {
  const tab = await browser.newPage()
  await tab.goto(`http://127.0.0.1:${foreign.port}`)
  await tab.evaluate(`document.body.innerHTML = '<iframe></iframe><a href="http://localhost:${aura.port}/">x</a>'`)
  await tab.evaluate(`document.querySelector('iframe').src = 'http://localhost:${aura.port}/'`)
  await tab.waitForTimeout(500)
  expect(tab.frames()).toHaveLength(2)
  expect(
    await tab
      .frames()[1]
      ?.evaluate('typeof tryAll')
      .catch(() => 'blocked'),
  ).not.toBe('function')
  await Promise.all([tab.waitForURL(`http://localhost:${aura.port}/`), tab.click('a')])
  expect(await tab.evaluate('typeof tryAll')).toBe('function')
  await tab.close()
})
