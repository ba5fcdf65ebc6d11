import type { FastifyInstance } from 'fastify'
import type { ExporterName, RunningExporter } from '../exporters/index.ts'
import type { DeliveredAlerts } from '../features/alerts/store.ts'
import type { FeaturesConfig } from '../features/config.ts'
import type { EventFeature, Feature, Take } from '../features/feature.ts'
import { createFeatures, type FeatureDeps } from '../features/index.ts'
import { createPrometheus } from '../features/lib/prometheus.ts'
import { runFeature } from '../features/run.ts'
import { createHttpGet } from '../lib/http-get.ts'
import type { Publisher, Topic } from '../realtime/types.ts'

/** What the features need of the bridge. */
export interface FeatureBridge extends Publisher {
  declare(topic: Topic): unknown
}

export interface FeaturesPluginOptions {
  readonly config: FeaturesConfig
  readonly exporters: ReadonlyMap<ExporterName, RunningExporter>
  readonly bridge: FeatureBridge
  /** Slices that publish events; made by whoever has what they rest on. */
  readonly events?: readonly EventFeature[]
  /** The Ollama that this Aura looks after. */
  readonly ollamaUrl: string
  /** Keeps what Alertmanager delivers; without it nothing is taken in. */
  readonly delivered?: DeliveredAlerts
  /** Whether Aura runs its PostgreSQL itself. */
  readonly embedded: boolean
  /** The Prometheus that Aura runs or found; asked for at each question. */
  readonly prometheus: () => { readonly address: string | undefined; readonly reason: string }
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Topics of the features, for the documents. */
    topics: readonly Topic[]
  }
}

/** Longest time Prometheus may take, ms. */
const prometheusTime = 5000

/** Readings of an exporter's runner, or the news that it is switched off. */
function takeOf(exporters: FeaturesPluginOptions['exporters'], name: ExporterName): Take {
  const runner: { readonly take: Take } | undefined = exporters.get(name)?.runner
  if (runner !== undefined) return runner.take
  return async (_collectors, _deadline, failures) => {
    failures?.set(name, new Error(`the exporter ${name} is switched off`))
    return new Map()
  }
}

async function depsOf(options: FeaturesPluginOptions) {
  const { config, exporters, embedded, ollamaUrl, delivered, prometheus } = options
  const { kinds } = await import('../exporters/postgres/databases/columns.ts')
  const take = (name: ExporterName): Take => takeOf(exporters, name)
  return {
    take: { host: take('host'), gpu: take('gpu'), postgres: take('postgres'), ollama: take('ollama') },
    prometheus: createPrometheus(
      () => config.prometheus_url || prometheus().address,
      createHttpGet(prometheusTime),
      () => `there is no Prometheus: ${prometheus().reason}`,
    ),
    clock: { now: Date.now, monotonic: () => performance.now() },
    embedded,
    tableColumns: kinds.tables.map(({ metric }) => metric.name),
    ollamaUrl,
    delivered,
  } satisfies FeatureDeps
}

/** Declares the features' topics, serves their REST twins, and ticks them from ready until close. */
async function features(app: FastifyInstance, options: FeaturesPluginOptions): Promise<void> {
  const { bridge, events = [] } = options
  const all: readonly Feature[] = Object.values(createFeatures(options.config, await depsOf(options)))
  const clock = { now: Date.now, monotonic: () => performance.now() }
  const stopping = new AbortController()
  const running: Promise<void>[] = []
  app.addHook('onClose', async () => {
    stopping.abort()
    await Promise.all([...running, ...all.map((feature) => feature.stop?.())])
  })
  for (const feature of all) {
    await bridge.declare(feature.topic)
    feature.routes(app)
  }
  for (const feature of events) {
    for (const topic of feature.topics) await bridge.declare(topic)
    feature.routes(app)
    const unfollow = feature.follow(bridge)
    app.addHook('onClose', async () => unfollow())
  }
  app.decorate('topics', [...all.map(({ topic }) => topic), ...events.flatMap(({ topics }) => topics)])
  app.addHook('onReady', (done) => {
    const lent = { publisher: bridge, clock, log: app.log }
    running.push(...all.map((feature) => runFeature(feature, lent, stopping.signal)))
    done()
  })
}

// Shared with the whole app, as fastify-plugin would make it.
export default Object.assign(features, { [Symbol.for('skip-override')]: true })
