import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import { unsent } from '../../src/otlp-configured.ts'
import { createObserve, observe } from '../../src/plugins/observe.ts'
import { startTelemetry } from '../../src/telemetry.ts'
import { quiet } from '../support/logger.ts'
import { otlpReceiver } from '../support/otlp.ts'

const caller = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = (flags: string) => ({ traceparent: `00-${caller}-00f067aa0ba902b7-${flags}` })

test('one span a request, also where the caller leaves; none where it wants none', async () => {
  await using otlp = await otlpReceiver()
  const config = { otlp_endpoint: otlp.url, service_name: 'aura', metrics_interval: '60s' }
  const telemetry = startTelemetry(config, { ...unsent, traces: true }, quiet)
  const app = fastify({ forceCloseConnections: true })
  const arrived = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<void>()
  observe(app, createObserve(telemetry.exemplars))
  app.get('/things/:id', () => 'ok')
  app.get('/broken', () => {
    throw new Error('broken')
  })
  app.get('/never', (_request, reply) => {
    arrived.resolve()
    reply.raw.on('close', gone.resolve)
    return new Promise(() => undefined)
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  await fetch(`${url}/things/1?key=hidden`, { headers: traceparent('01') })
  await fetch(`${url}/things/2`, { headers: traceparent('00') })
  await fetch(`${url}/broken`, { headers: { traceparent: 'nonsense' } })
  const left = get(`${url}/never`)
  left.on('error', () => undefined)
  await arrived.promise
  left.destroy()
  await gone.promise
  await app.close()
  await telemetry.shutdown()

  const spans = otlp.spans.filter(({ kind }) => kind === 2)
  const of = (name: string) => spans.filter((span) => span.name === name)
  expect(spans).toHaveLength(3)
  expect(of('GET /things/:id')).toMatchObject([
    { traceId: caller, parentSpanId: '00f067aa0ba902b7', status: 0, attributes: { 'url.path': '/things/1' } },
  ])
  expect(of('GET /broken')).toMatchObject([
    { parentSpanId: '', status: 2, attributes: { 'http.response.status_code': 500, 'error.type': '500' } },
  ])
  expect(of('GET /never')).toMatchObject([{ attributes: { 'http.response.status_code': 499 } }])
  expect(JSON.stringify(spans)).not.toContain('hidden')
  const labels = { http_request_method: 'GET', http_route: '/things/:id', http_response_status_code: '200' }
  const found = ['0.001', '0.0025', '0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1'].flatMap(
    (le) => telemetry.exemplars?.of('http_server_request_duration_seconds', labels, le)?.traceId ?? [],
  )
  // The newest of each bucket, and never one that did not leave.
  expect(found).toEqual([caller])
})
