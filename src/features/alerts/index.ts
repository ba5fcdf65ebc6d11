import { parseDuration } from '../../lib/duration.ts'
import type { Feature, FeatureClock } from '../feature.ts'
import { createLive } from '../lib/live.ts'
import type { Prometheus } from '../lib/prometheus.ts'
import type { AlertsConfig } from './config.ts'
import { deliveredRoutes } from './delivered-routes.ts'
import { alertsRoutes } from './routes.ts'
import { readAlerts } from './state.ts'
import type { DeliveredAlerts } from './store.ts'
import { topic } from './topic.ts'

interface AlertsDeps {
  readonly prometheus: Prometheus
  readonly clock: FeatureClock
  /** Without it nothing can be delivered. */
  readonly delivered?: DeliveredAlerts | undefined
}

/** Alerts now firing or pending, as Prometheus tells them; and those that Alertmanager delivers. */
export function createAlerts(config: AlertsConfig, { prometheus, clock, delivered }: AlertsDeps): Feature {
  const interval = parseDuration(config.interval)
  const live = createLive(topic.name, () => readAlerts(prometheus, delivered), clock.monotonic)
  let wake: (() => void) | undefined
  const keep: DeliveredAlerts['keep'] = async (alerts) => {
    await delivered?.keep(alerts)
    wake?.()
  }
  return {
    topic,
    interval,
    rest: parseDuration(config.rest),
    routes(app) {
      alertsRoutes(app, live, interval)
      if (delivered !== undefined) deliveredRoutes(app, { ...delivered, keep })
    },
    tick: (publisher) => live.tick(publisher),
    onNews: (listener) => void (wake = listener),
  }
}
