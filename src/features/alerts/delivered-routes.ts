import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { metrics } from '@opentelemetry/api'
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import { RefusedError } from '../../errors.ts'
import { plainJson } from '../lib/query.ts'
import { wire } from '../schemas.ts'
import { deliveredOf } from './delivery.ts'
import type { DeliveredAlerts } from './store.ts'

/** Bytes of a delivery. */
const largest = 1_048_576

const outcomeOf = (status: number): 'accepted' | 'refused' | 'failed' => {
  if (status < 400) return 'accepted'
  return status < 500 ? 'refused' : 'failed'
}

/** `aura_alert_deliveries_total{outcome}`: also deliveries of those who may not. */
function createCount(): (status: number) => void {
  const counter = metrics.getMeter('aura').createCounter('aura.alert.deliveries', {
    description: 'Deliveries of alerts to the webhook, by outcome.',
  })
  for (const status of [200, 400, 500]) counter.add(0, { outcome: outcomeOf(status) })
  return (status) => counter.add(1, { outcome: outcomeOf(status) })
}

/** What is not the sender's fault is tried again by Alertmanager, where the answer is a 5xx. */
function orLater(error: FastifyError, { log }: FastifyRequest): never {
  if (error.statusCode !== undefined && error.statusCode < 500) throw error
  log.error({ err: error }, 'alerts that were delivered could not be kept')
  throw new RefusedError(503, 'UNAVAILABLE', 'The alerts cannot be kept now; send them again')
}

function webhook(instance: FastifyInstance, delivered: Pick<DeliveredAlerts, 'keep'>): void {
  const count = createCount()
  instance.withTypeProvider<TypeBoxTypeProvider>().post(
    '/api/alerts/webhook',
    {
      config: { capability: 'alerts:deliver' },
      bodyLimit: largest,
      serializerCompiler: plainJson,
      errorHandler: orLater,
      onResponse: async (_request, { statusCode }) => count(statusCode),
      schema: {
        tags: ['alerts'],
        summary: 'What Alertmanager delivers (webhook, payload version 4)',
        body: wire.AlertDelivery,
        response: { 200: wire.AlertsKept, '4xx': wire.ErrorAnswer, 503: wire.ErrorAnswer },
      },
    },
    async ({ body }) => {
      const alerts = deliveredOf(body)
      await delivered.keep(alerts)
      return { kept: alerts.length }
    },
  )
}

/** `/api/alerts/webhook` and `/api/alerts/delivered`. */
export function deliveredRoutes(instance: FastifyInstance, delivered: Pick<DeliveredAlerts, 'keep' | 'page'>): void {
  webhook(instance, delivered)
  instance.withTypeProvider<TypeBoxTypeProvider>().get(
    '/api/alerts/delivered',
    {
      config: { capability: 'alerts:read' },
      serializerCompiler: plainJson,
      schema: {
        tags: ['alerts'],
        summary: 'Alerts that Alertmanager delivered, the newest first',
        querystring: wire.DeliveredAlertQuery,
        response: { 200: wire.DeliveredAlertPage, '4xx': wire.ErrorAnswer },
      },
    },
    ({ query }) => delivered.page(query),
  )
}
