import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Config } from '../config/schema.ts'
import type { Began, Playing } from './begin.ts'
import { createOllamaSimulator } from './ollama/server.ts'
import { receiveCheckpoints } from './stage/checkpoints.ts'
import { createGpuScene } from './stage/gpu.ts'

export interface Demo {
  /** The configuration with the simulators put in, and a data directory of its own. */
  readonly config: Config
  /** Variables that the simulated nvidia-smi must find in its environment. */
  readonly environment: Readonly<Record<string, string>>
  /** What to tell the person who started it. */
  readonly banner: string
  /** Begins traffic and faults, once Aura has started on that configuration; to be ended before Aura is. */
  begin(began: Omit<Began, 'accounts' | 'embedded'>): Promise<Playing>
  stop(): Promise<void>
}

/** `exporters.gpu.nvidia_smi` takes arguments, with double quotes around those that contain spaces. */
const simulatedSmi = `"${process.execPath}" "${join(import.meta.dirname, 'nvidia-smi.ts')}"`

/** Where a demonstration keeps its data, apart from those of the Aura that is meant. */
export const demoDirectory = ({ data_dir }: Pick<Config, 'data_dir'>): string => resolve(data_dir, 'demo')

/** Starts a simulated Ollama, and puts a simulated nvidia-smi in the place of the real one. */
export async function startDemo(config: Config): Promise<Demo> {
  const directory = demoDirectory(config)
  mkdirSync(directory, { recursive: true })
  const scene = join(directory, 'gpu-scene')
  const gpu = createGpuScene(scene)
  const simulator = createOllamaSimulator({ numParallel: 2, maxLoaded: 2 })
  const url = await simulator.listen(0)
  // Checkpoints that go somewhere already are not led astray.
  const checkpoints = config.audit.webhook_url === '' ? await receiveCheckpoints() : undefined
  const { checkpoint_interval: usual } = config.audit
  const audit = checkpoints && {
    webhook_url: checkpoints.url,
    // Five minutes are long when somebody watches.
    checkpoint_interval: usual === '5m' ? '30s' : usual,
  }
  const scenery = { ollama: { url, control: simulator.control }, gpu, checkpoints, directory }
  const shown = { accounts: config.auth.mode === 'accounts', embedded: config.database.url === '' }
  return {
    config: {
      ...config,
      data_dir: join(config.data_dir, 'demo'),
      audit: { ...config.audit, ...audit },
      ollama: { ...config.ollama, url },
      exporters: { ...config.exporters, gpu: { ...config.exporters.gpu, nvidia_smi: simulatedSmi } },
    },
    environment: { NVIDIA_SMI_SIM_CONTROL: scene, NODE_COMPILE_CACHE: join(directory, 'compile-cache') },
    banner: banner(url),
    // Loaded after the telemetry has started, so that it sees what is loaded.
    begin: async (began) => (await import('./begin.ts')).begin(scenery, { ...shown, ...began }),
    async stop() {
      await simulator.close()
      await checkpoints?.[Symbol.asyncDispose]()
    },
  }
}

function banner(url: string): string {
  return `
  THIS IS A DEMO: the Ollama, the GPU, the visitors and the work in PostgreSQL below are simulated; the machine, the
  PostgreSQL and Aura itself are real. Everything simulated is gone when it ends (Ctrl-C).

  Faults on demand:
    faults                    type it here, or \`npm run aura -- demo faults\`: what there is
    fault gpu-hot for 2m      type it here, or \`npm run aura -- demo fault gpu-hot --for 2m\`
    end all                   puts everything right again
    For single requests of Ollama: curl -X POST ${url}/__sim/faults -d '{"kind":"hang","path":"/api/ps","times":3}'
`
}
