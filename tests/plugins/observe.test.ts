import { trace } from '@opentelemetry/api'
import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import { errors } from '../../src/plugins/errors.ts'
import { createObserve, observe } from '../../src/plugins/observe.ts'
import { unsent } from '../../src/otlp-configured.ts'
import { startTelemetry } from '../../src/telemetry.ts'
import { quiet } from '../support/logger.ts'

const config = { otlp_endpoint: '', service_name: 'aura', metrics_interval: '60s' }

const count = (route: string, status: number): RegExp =>
  new RegExp(
    `http_server_request_duration_seconds_count\\{[^}]*http_route="${route}"[^}]*status_code="${status}"[^}]*\\} `,
  )

test('every request has a trace id, joins its caller’s trace, and is measured by route', async () => {
  const telemetry = startTelemetry(config, unsent, quiet)
  const app = fastify()
  errors(app)
  observe(app, createObserve())
  app.get('/things/:id', () => ({ trace: trace.getActiveSpan()?.spanContext().traceId }))
  app.get('/broken', () => {
    throw new Error('a secret of ours')
  })
  const own = (await app.inject('/things/1')).json<{ trace: string }>()
  expect(own.trace).toMatch(/^(?!0+$)[0-9a-f]{32}$/)
  const caller = '4bf92f3577b34da6a3ce929d0e0e4736'
  const headers = { traceparent: `00-${caller}-00f067aa0ba902b7-01` }
  expect((await app.inject({ url: '/things/2', headers })).json()).toEqual({ trace: caller })
  const broken = await app.inject('/broken')
  expect(broken.statusCode).toBe(500)
  expect(broken.body).not.toContain('secret')
  await app.inject('/nowhere/42')
  const page = await telemetry.instruments()
  expect(page).toMatch(count('/things/:id', 200))
  expect(page).toMatch(count('/broken', 500))
  expect(page).toMatch(count('unknown', 404))
  expect(page).not.toContain('nowhere')
  await app.close()
  await telemetry.shutdown()
})
