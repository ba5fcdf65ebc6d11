import { once } from 'node:events'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { context, SpanKind, trace } from '@opentelemetry/api'
import { expect, test } from 'vitest'
import { findFreePort } from '../../src/lib/free-port.ts'
import { unsent } from '../../src/otlp-configured.ts'
import { startTelemetry } from '../../src/telemetry.ts'
import { quiet } from '../support/logger.ts'
import { otlpReceiver } from '../support/otlp.ts'

/** A server that keeps the traceparent of everyone who asks, and has nothing at /missing. */
async function peer() {
  const heard = new Map<string, string | undefined>()
  const server = createServer((request, response) => {
    heard.set(request.url ?? '', request.headers['traceparent'] as string | undefined)
    response.writeHead(request.url === '/missing' ? 404 : 200).end('ok')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    heard,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function byHttp(url: string): Promise<void> {
  const [response] = (await once(get(url), 'response')) as [NodeJS.ReadableStream]
  await once(response.resume(), 'end')
}

test('requests on behalf of something traced carry its trace on, and nothing of their query; others do not', async () => {
  await using otlp = await otlpReceiver()
  await using other = await peer()
  const config = { otlp_endpoint: otlp.url, service_name: 'aura', metrics_interval: '60s' }
  const telemetry = startTelemetry(config, { ...unsent, traces: true }, quiet)
  const nobody = await findFreePort(24_000)
  const above = trace.getTracer('test').startSpan('above', { kind: SpanKind.SERVER })
  await context.with(trace.setSpan(context.active(), above), async () => {
    await byHttp(`${other.url}/http?token=hidden`)
    await fetch(`${other.url}/fetch?token=hidden`).then((response) => response.text())
    await fetch(`${other.url}/missing`).then((response) => response.text())
    await expect(fetch(`http://127.0.0.1:${nobody}/`)).rejects.toThrow()
  })
  above.end()
  await byHttp(`${other.url}/alone`)
  await telemetry.shutdown()

  const { traceId, spanId } = above.spanContext()
  const calls = otlp.spans.filter(({ kind }) => kind === 3)
  expect(calls).toHaveLength(4)
  expect(calls.every((span) => span.traceId === traceId && span.parentSpanId === spanId)).toBe(true)
  const of = (path: string) => calls.find(({ attributes }) => attributes['url.full'] === other.url + path)
  for (const path of ['/http', '/fetch']) {
    expect(other.heard.get(`${path}?token=hidden`)).toBe(`00-${traceId}-${of(path)?.spanId}-01`)
    expect(of(path)).toMatchObject({ name: 'GET', status: 0 })
  }
  expect(of('/missing')).toMatchObject({ status: 2, attributes: { 'http.response.status_code': 404 } })
  expect(calls.filter(({ status }) => status === 2)).toHaveLength(2)
  expect(other.heard.has('/alone')).toBe(true)
  expect(other.heard.get('/alone')).toBeUndefined()
  // Sending the spans is not traced in turn.
  expect(otlp.paths).toEqual(['/v1/traces'])
})
