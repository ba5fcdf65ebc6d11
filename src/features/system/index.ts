import { parseDuration } from '../../lib/duration.ts'
import type { Feature } from '../feature.ts'
import { createHistory } from '../lib/history.ts'
import { createLive } from '../lib/live.ts'
import type { Prometheus } from '../lib/prometheus.ts'
import type { SystemConfig } from './config.ts'
import { createReadings, type SystemSources } from './read.ts'
import { systemRoutes } from './routes.ts'
import { seriesOf } from './series.ts'
import { createSystemState } from './state.ts'
import { topic } from './topic.ts'

export interface SystemDeps extends SystemSources {
  readonly prometheus: Prometheus
}

/** This machine: processors, memory, disks, network, temperatures, GPUs, with the last minutes in memory. */
export function createSystem(config: SystemConfig, { prometheus, ...sources }: SystemDeps): Feature {
  const [interval, rest] = [parseDuration(config.interval), parseDuration(config.rest)]
  const { now, monotonic } = sources.clock
  const readings = createReadings(sources)
  const stateOf = createSystemState(config, parseDuration(config.cpu_sustained))
  const history = createHistory(Math.ceil(parseDuration(config.history) / interval) + 1)
  const live = createLive(
    topic.name,
    async () => {
      const taken = await readings()
      const state = stateOf(taken)
      history.add(taken.time, seriesOf(state))
      return state
    },
    monotonic,
  )
  return {
    topic,
    interval,
    rest,
    routes: (app) => systemRoutes(app, { live, history, prometheus, age: interval, now }),
    tick: (publisher) => live.tick(publisher),
  }
}
