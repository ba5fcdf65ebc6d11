import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { findFreePort } from '../../src/lib/free-port.ts'
import { runAura, type AuraProcess } from '../support/aura.ts'
import { addressesOf, buildConsole, chromiumFor, startBrowser } from '../support/browser.ts'
import { secret, setUp } from '../support/governance-browser.ts'
import { otlpReceiver, type Span } from '../support/otlp.ts'
import { installed } from '../support/programs.ts'

const chromium = chromiumFor('a trace from the browser to the database')
const prometheus = installed('exemplars in Prometheus', 'prometheus')

/** Trace ids that the page sent, by `METHOD path`. */
function sent(page: Page): Map<string, { traceId: string; spanId: string }> {
  const found = new Map<string, { traceId: string; spanId: string }>()
  page.on('request', (request) => {
    const [, traceId = '', spanId = ''] = request.headers()['traceparent']?.split('-') ?? []
    if (traceId !== '') found.set(`${request.method()} ${new URL(request.url()).pathname}`, { traceId, spanId })
  })
  return found
}

/** The page that asks for OpenMetrics, and what kind of page came. */
async function scrape(url: string, accept: string): Promise<{ type: string; body: string }> {
  const response = await fetch(`${url}/metrics`, { headers: { accept } })
  return { type: response.headers.get('content-type') ?? '', body: await response.text() }
}

async function exemplarsOf(prometheusUrl: string): Promise<string> {
  const query = 'http_server_request_duration_seconds_bucket'
  const now = Date.now() / 1000
  const url = `${prometheusUrl}/api/v1/query_exemplars?query=${query}&start=${now - 3600}&end=${now + 60}`
  const response = await fetch(url).catch(() => undefined)
  return (await response?.text()) ?? ''
}

/** Every span that hangs under one, however deep. */
function under(spans: readonly Span[], { spanId }: Span): Span[] {
  const children = spans.filter(({ parentSpanId }) => parentSpanId === spanId)
  return [...children, ...children.flatMap((child) => under(spans, child))]
}

/** An Aura with accounts that sends to `url`. */
const start = async (url: string): Promise<AuraProcess> =>
  runAura(['start'], {
    AURA_AUTH_MODE: 'accounts',
    AURA_TELEMETRY_OTLP_ENDPOINT: url,
    AURA_ALERTMANAGER_ENABLED: 'false',
    AURA_PROMETHEUS_ENABLED: String(prometheus !== undefined),
    AURA_PROMETHEUS_PORT: String(await findFreePort(23_090)),
    OTEL_BSP_SCHEDULE_DELAY: '100',
  })

/** The request's span as it arrived, once everything of its trace hangs under it. */
async function arrived(spans: readonly Span[], traceId: string): Promise<Span> {
  const server = (): Span | undefined => spans.find((span) => span.traceId === traceId && span.kind === 2)
  await expect.poll(server, { timeout: 10_000 }).toBeDefined()
  return server() as Span
}

/** Statements of the request, each within it and none with a value. */
function checkStatements(spans: readonly Span[], request: Span): void {
  const whole = spans.filter((span) => span.traceId === request.traceId)
  const below = under(whole, request)
  expect(below).toHaveLength(whole.length - 1)
  expect(below.map(({ name }) => name)).toContain('INSERT aura.user')
  for (const span of below) {
    expect(span.attributes['db.system.name']).toBe('postgresql')
    expect(span.start).toBeGreaterThanOrEqual(request.start - 5)
    expect(span.end).toBeLessThanOrEqual(request.end + 5)
  }
}

/** On the socket: traces of their own that refer to the handshake, which has ended. */
async function checkSocket(spans: readonly Span[]): Promise<void> {
  const subscribed = (): Span | undefined => spans.find((span) => span.name.startsWith('subscribe '))
  await expect.poll(subscribed, { timeout: 10_000 }).toBeDefined()
  const handshake = spans.find((span) => span.traceId === subscribed()?.links[0])
  expect(handshake?.attributes['http.response.status_code']).toBe(101)
  expect(spans.some((span) => span.name === 'connect')).toBe(true)
  // Heartbeats are not traced.
  expect(spans.filter((span) => /^(rpc|ping)$/.test(span.name))).toEqual([])
}

async function checkExemplars(metrics: string, { traceId, spanId }: Span): Promise<void> {
  const open = await scrape(metrics, 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5')
  expect(open.type).toContain('application/openmetrics-text')
  expect(open.body).toMatch(new RegExp(`_bucket\\{.*\\} \\d+ # \\{trace_id="${traceId}",span_id="${spanId}"\\}`))
  const classic = await scrape(metrics, 'text/plain')
  expect(classic.type).toContain('text/plain')
  expect(classic.body).not.toContain('trace_id')
}

/** A real Prometheus has the exemplar, and has understood the whole page. */
async function checkPrometheus(aura: AuraProcess, traceId: string): Promise<void> {
  const [, url = ''] = await aura.until(/Prometheus\s+(http:\S+)/)
  await expect.poll(() => exemplarsOf(url), { timeout: 45_000, interval: 1000 }).toContain(traceId)
  const up = await fetch(`${url}/api/v1/query?query=up{job="aura"}`)
  expect(await up.text()).toContain('"1"')
}

describe.skipIf(chromium === undefined)('a trace', () => {
  it('leads from the browser through HTTP to the database, and from the exemplar to it', async () => {
    buildConsole()
    await using otlp = await otlpReceiver()
    await using aura = await start(otlp.url)
    const { metrics } = await addressesOf(aura)
    const [link] = await aura.until(/http:\S+\/setup#token=\S+/)
    await using browser = await startBrowser(chromium ?? '')
    const page = await browser.newPage()
    const ours = sent(page)
    await page.goto(link)
    await setUp(page, { login: 'ada', shown: 'Ada' })

    const [name, from] = [...ours].find(([key]) => key.startsWith('POST')) ?? []
    const request = await arrived(otlp.spans, from?.traceId ?? 'none')
    expect(request).toMatchObject({ name, parentSpanId: from?.spanId, service: 'aura' })
    expect(request.attributes).toMatchObject({ 'http.request.method': 'POST', 'url.scheme': 'http' })
    checkStatements(otlp.spans, request)
    await checkSocket(otlp.spans)
    const everything = JSON.stringify(otlp.spans)
    for (const word of [secret, link.split('=')[1] ?? '', 'aura_session']) expect(everything).not.toContain(word)
    for (const { attributes } of otlp.spans) expect(String(attributes['url.path'])).not.toContain('?')
    await checkExemplars(metrics, request)
    if (prometheus !== undefined) await checkPrometheus(aura, request.traceId)
  }, 150_000)
})

it('without an endpoint nothing is attempted, and a request still has its id', async () => {
  await using otlp = await otlpReceiver(4318).catch(() => otlpReceiver())
  await using aura = runAura(['start'], { AURA_PROMETHEUS_ENABLED: 'false', AURA_ALERTMANAGER_ENABLED: 'false' })
  const { console: url, metrics } = await addressesOf(aura)
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  const page = await scrape(metrics, 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5')
  expect(page.type).toContain('text/plain')
  expect(page.body).toContain('http_server_request_duration_seconds_bucket')
  expect(await aura.stop()).toBe(0)
  expect(otlp.paths).toEqual([])
})
