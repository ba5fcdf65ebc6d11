import { parseDuration } from '../../lib/duration.ts'
import type { Feature, FeatureClock } from '../feature.ts'
import { createLive } from '../lib/live.ts'
import type { Prometheus } from '../lib/prometheus.ts'
import type { AlertsConfig } from './config.ts'
import { alertsRoutes } from './routes.ts'
import { readAlerts } from './state.ts'
import { topic } from './topic.ts'

/** Alerts now firing or pending, as Prometheus tells them. */
export function createAlerts(
  config: AlertsConfig,
  { prometheus, clock }: { readonly prometheus: Prometheus; readonly clock: FeatureClock },
): Feature {
  const interval = parseDuration(config.interval)
  const live = createLive(topic.name, () => readAlerts(prometheus), clock.monotonic)
  return {
    topic,
    interval,
    rest: parseDuration(config.rest),
    routes: (app) => alertsRoutes(app, live, interval),
    tick: (publisher) => live.tick(publisher),
  }
}
