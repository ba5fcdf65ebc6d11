import { parseDuration } from '../../lib/duration.ts'
import type { Feature, FeatureClock, Take } from '../feature.ts'
import { takeNow } from '../lib/beside.ts'
import { createLive } from '../lib/live.ts'
import { publicUrl } from '../lib/prometheus.ts'
import type { ModelsConfig } from './config.ts'
import { modelsRoutes } from './routes.ts'
import { createModelsState, type OllamaReadings } from './state.ts'
import { topic } from './topic.ts'

export interface ModelsDeps {
  readonly ollama: Take
  /** Where Ollama answers; what is secret in it is not shown. */
  readonly url: string
  readonly clock: FeatureClock
}

const deadline = 2500

/** Ollama and its models: installed, in memory, since when. */
export function createModels(config: ModelsConfig, { ollama, url, clock }: ModelsDeps): Feature {
  const interval = parseDuration(config.interval)
  const stateOf = createModelsState(publicUrl(url))
  const live = createLive(
    topic.name,
    async () => {
      const { readings, failures } = await takeNow(ollama, ['version', 'tags', 'ps'], deadline, clock.monotonic)
      return stateOf({ readings: Object.fromEntries(readings) as OllamaReadings, failures, time: clock.now() })
    },
    clock.monotonic,
  )
  return {
    topic,
    interval,
    rest: parseDuration(config.rest),
    routes: (app) => modelsRoutes(app, live, interval),
    tick: (publisher) => live.tick(publisher),
  }
}
