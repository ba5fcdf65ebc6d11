import type { Config } from '../config/schema.ts'
import type { Logger } from '../lib/logger.ts'
import type { Exporter, ExporterDeps } from './exporter.ts'
import { createRunner, type Runner } from './runner.ts'

export type ExporterName = keyof Config['exporters']

/** What exporters need to know of the rest of the process. */
export interface Surroundings {
  /** The server to watch; undefined while it is not known yet. */
  postgresUrl(): string | undefined
  /** Exporters created so far, for what one knows of another's subject. */
  readonly running: ReadonlyMap<ExporterName, RunningExporter>
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
  async gpu() {
    throw new Error('todo')
  },
  async postgres() {
    throw new Error('todo')
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
  postgresUrl: Surroundings['postgresUrl'],
  log: Logger,
): Promise<ReadonlyMap<ExporterName, RunningExporter>> {
  const running = new Map<ExporterName, RunningExporter>()
  for (const name of exporterNames.filter((known) => names.includes(known))) {
    const exporter = await create[name](config, { postgresUrl, running }, { log })
    running.set(name, { exporter, runner: createRunner(exporter, log) })
  }
  return running
}
