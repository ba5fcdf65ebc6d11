import type { Config } from '../config/schema.ts'
import type { Logger } from '../lib/logger.ts'
import type { Exporter, ExporterDeps } from './exporter.ts'
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

export interface RunningExporter {
  readonly exporter: Exporter
  readonly runner: Runner
}

type Create = (config: Config, surroundings: Surroundings, deps: ExporterDeps) => Promise<Exporter>

// Each is loaded only when it is wanted: `aura exporter host` needs no PostgreSQL client.
const create: Record<ExporterName, Create> = {
  async host({ exporters }, _surroundings, deps) {
    const { createHostExporter } = await import('./host/index.ts')
    return createHostExporter(exporters.host, deps)
  },
  async gpu({ exporters }, { searchPath }, deps) {
    const { createGpuExporter } = await import('./gpu/index.ts')
    return createGpuExporter({ ...exporters.gpu, searchPath }, deps)
  },
  async postgres({ exporters }, { postgresUrl }, deps) {
    const { createPostgresExporter } = await import('./postgres/index.ts')
    return createPostgresExporter({ ...exporters.postgres, url: postgresUrl }, deps)
  },
  async ollama({ exporters, ollama }, _surroundings, deps) {
    const { createOllamaExporter } = await import('./ollama/index.ts')
    return createOllamaExporter({ ...exporters.ollama, ...ollama }, deps)
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
  const { log } = surroundings
  for (const name of exporterNames.filter((known) => names.includes(known))) {
    const exporter = await create[name](config, surroundings, { log })
    running.set(name, { exporter, runner: createRunner(exporter, log) })
  }
  return running
}
