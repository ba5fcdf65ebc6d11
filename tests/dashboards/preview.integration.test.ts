import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundle } from '../../dashboards/preview/serve/bundle.ts'
import { isInstalled } from '../../dashboards/preview/serve/install.ts'
import { startBrowser, take } from '../../dashboards/preview/serve/pictures.ts'
import { previewFolder, repository } from '../../dashboards/preview/serve/places.ts'
import { findPrometheus } from '../../dashboards/preview/serve/prometheus.ts'
import { startServer, type PreviewServer } from '../../dashboards/preview/serve/server.ts'
import { chromiumFor } from '../support/browser.ts'

// A stand-in for Prometheus that has a series for every question: what is tested is the drawing.

const labels = { instance: 'here:1', job: 'aura', severity: 'warning', alertname: 'Watchdog', component: 'aura' }

function answerTo({ pathname, searchParams }: URL): unknown {
  if (pathname === '/api/v1/status/config') return { yaml: 'global:\n  scrape_interval: 5s\n' }
  if (pathname === '/api/v1/series') return [labels]
  const time = Number(searchParams.get('time') ?? searchParams.get('start'))
  if (pathname === '/api/v1/query') return { resultType: 'vector', result: [{ metric: labels, value: [time, '1'] }] }
  const [end, step] = [Number(searchParams.get('end')), Number(searchParams.get('step'))]
  const values = Array.from({ length: (end - time) / step }, (_, at) => [time + at * step, String(at % 2)])
  return { resultType: 'matrix', result: [{ metric: labels, values }] }
}

const asked: string[] = []

function startPrometheus(): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x')
    asked.push(url.searchParams.get('query') ?? '')
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ status: 'success', data: answerTo(url) }))
  })
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)))
}

const chromium = chromiumFor('preview of the boards')
const installed = isInstalled()
if (!installed) console.warn('skipped: preview of the boards (not installed; npm run boards:preview does it)')

let prometheus: Server
let server: PreviewServer
beforeAll(async () => {
  if (!installed) return
  bundle()
  prometheus = await startPrometheus()
  const found = await findPrometheus(`http://127.0.0.1:${(prometheus.address() as AddressInfo).port}`)
  if (found === undefined) throw new Error('the stand-in does not answer')
  expect(found.scrape).toBe(5)
  server = await startServer(found, 0)
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  prometheus?.close()
})

const get = (path: string, init?: RequestInit) => fetch(new URL(path, server.url), init)

describe.skipIf(!installed)('preview of the boards', () => {
  test('its types are right', () => {
    execFileSync(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), '-p', previewFolder], {
      stdio: 'pipe',
    })
  })

  test('it serves its page and boards, and nothing else of the disk', async () => {
    expect((await get('/')).headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(await (await get('/boards/overview')).json()).toMatchObject({ uid: 'aura-overview' })
    for (const path of [
      '/boards/..%2f..%2fpackage',
      '/public/build/img/icons/..%2f..%2f..%2f..%2fpackage.json',
      '/serve/server.ts',
      '/constructor',
    ])
      expect((await get(path)).status, path).toBe(404)
  })

  test('only questions that read are passed on', async () => {
    expect((await get('/api/v1/query?query=up&time=1')).status).toBe(200)
    expect((await get('/api/v1/admin/tsdb/snapshot')).status).toBe(404)
    expect((await get('/api/v1/query', { method: 'POST' })).status).toBe(405)
  })

  test('a page of another name is refused', async () => {
    const { request } = await import('node:http')
    const { port } = new URL(server.url)
    const status = await new Promise((done) =>
      request({ host: '127.0.0.1', port, headers: { host: 'evil.example' } }, ({ statusCode }) =>
        done(statusCode),
      ).end(),
    )
    expect(status).toBe(421)
  })
})

describe.skipIf(!installed || chromium === undefined)('preview of the boards in Chromium', () => {
  let browser: Browser
  const folder = mkdtempSync(join(tmpdir(), 'aura-pictures-'))
  beforeAll(async () => {
    browser = await startBrowser(chromium ?? '')
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(['overview', 'aura', 'host'])('%s is drawn: no panel is empty, none fails', async (board) => {
    const seen = await take(browser, { url: server.url, board, theme: 'dark', range: '15m', folder })
    expect(seen).toMatchObject({ empty: [], failed: [], errors: [] })
    expect(seen.drawn).toBeGreaterThan(5)
    expect(asked.filter((query) => query.includes('$'))).toEqual([])
  })
})
