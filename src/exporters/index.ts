import type { Config } from '../config/schema.ts'
import type { Logger } from '../lib/logger.ts'
import type { Exporter, ExporterDeps } from './exporter.ts'
import type { Probe } from './postgres/probe.ts'
import { createRunner, type Runner } from './runner.ts'

export type ExporterName = keyof Config['exporters']

/** What exporters need to know of the rest of the process. */
export interface Surroundings {
  /** The server to watch; undefined while it is not known yet. Holds a password: not for logs. */
  readonly postgresUrl: () => string | undefined
  /** $PATH. */
  readonly searchPath: string
  readonly log: Logger
}

/** What one exporter knows of another's subject; filled as they are created. */
interface Knowledge {
  /** The Ollama model whose weights lie in the blob with this digest. */
  modelOfBlob?: (digest: string) => string | undefined
}

export interface RunningExporter {
  readonly exporter: Exporter
  readonly runner: Runner
}

type Create = (config: Config, surroundings: Surroundings, deps: ExporterDeps, known: Knowledge) => Promise<Exporter>

// Each is loaded only when it is wanted: `aura exporter host` needs no PostgreSQL client.
const create: Record<ExporterName, Create> = {
  async host({ exporters }, _surroundings, deps) {
    const { createHostExporter } = await import('./host/index.ts')
    return createHostExporter(exporters.host, deps)
  },
  async gpu({ exporters }, { searchPath }, deps, known) {
    const { createGpuExporter } = await import('./gpu/index.ts')
    // Asked for at each reading: the exporter that knows is created later.
    const modelOfBlob = (digest: string): string | undefined => known.modelOfBlob?.(digest)
    return createGpuExporter({ ...exporters.gpu, searchPath, modelOfBlob }, deps)
  },
  async postgres({ exporters }, { postgresUrl }, deps) {
    const { createPostgresExporter } = await import('./postgres/index.ts')
    return createPostgresExporter({ ...exporters.postgres, url: postgresUrl }, deps)
  },
  async ollama({ exporters, ollama }, _surroundings, deps, known) {
    const { createOllamaExporter } = await import('./ollama/index.ts')
    const exporter = createOllamaExporter({ ...exporters.ollama, ...ollama }, deps)
    known.modelOfBlob = (digest) => exporter.digests.modelOf(digest)
    return exporter
  },
}

export const exporterNames = Object.keys(create) as readonly ExporterName[]

export const isExporterName = (name: string): name is ExporterName => Object.hasOwn(create, name)

/** Creates the named exporters with their runners, in the order of the list. */
export async function createExporters(
  names: readonly ExporterName[],
  config: Config,
  surroundings: Surroundings,
): Promise<ReadonlyMap<ExporterName, RunningExporter>> {
  const running = new Map<ExporterName, RunningExporter>()
  const knowledge: Knowledge = {}
  const { log } = surroundings
  for (const name of exporterNames.filter((known) => names.includes(known))) {
    const exporter = await create[name](config, surroundings, { log }, knowledge)
    running.set(name, { exporter, runner: createRunner(exporter, log) })
  }
  return running
}

/** `/probe` for further PostgreSQL servers, beside the exporter of the first; undefined without that. */
export async function createPostgresProbe(
  running: ReadonlyMap<ExporterName, RunningExporter>,
  { exporters }: Config,
  log: Logger,
): Promise<Probe | undefined> {
  if (!running.has('postgres')) return undefined
  const { createProbe } = await import('./postgres/probe.ts')
  const { createPostgresExporter } = await import('./postgres/index.ts')
  const ofServer = (url: string, named: Logger): Exporter =>
    createPostgresExporter({ ...exporters.postgres, url: () => url }, { log: named })
  return createProbe(exporters.postgres.probe, ofServer, log)
}
