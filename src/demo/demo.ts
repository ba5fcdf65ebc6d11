import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Config } from '../config/schema.ts'
import { createOllamaSimulator } from './ollama/server.ts'
import { chatter } from './traffic.ts'

export interface Demo {
  /** The configuration with the simulators put in, and a data directory of its own. */
  readonly config: Config
  /** Variables that the simulated nvidia-smi must find in its environment. */
  readonly environment: Readonly<Record<string, string>>
  /** What to tell the person who started it. */
  readonly banner: string
  stop(): Promise<void>
}

const talkers = 3

/** `exporters.gpu.nvidia_smi` takes arguments, with double quotes around those that contain spaces. */
const simulatedSmi = `"${process.execPath}" "${join(import.meta.dirname, 'nvidia-smi.ts')}"`

/** Starts a simulated Ollama with traffic, and puts a simulated nvidia-smi in the place of the real one. */
export async function startDemo(config: Config): Promise<Demo> {
  const dataDir = join(config.data_dir, 'demo')
  mkdirSync(dataDir, { recursive: true })
  const scene = resolve(dataDir, 'gpu-scene')
  writeFileSync(scene, 'vary\n')
  const simulator = createOllamaSimulator({ numParallel: 2, maxLoaded: 2 })
  const url = await simulator.listen(0)
  const end = new AbortController()
  const traffic = Promise.all(Array.from({ length: talkers }, () => chatter(url, end.signal)))
  return {
    config: {
      ...config,
      data_dir: dataDir,
      ollama: { ...config.ollama, url },
      exporters: { ...config.exporters, gpu: { ...config.exporters.gpu, nvidia_smi: simulatedSmi } },
    },
    environment: { NVIDIA_SMI_SIM_CONTROL: scene, NODE_COMPILE_CACHE: resolve(dataDir, 'compile-cache') },
    banner: banner(url, scene),
    async stop() {
      end.abort()
      await traffic
      await simulator.close()
    },
  }
}

function banner(url: string, scene: string): string {
  return `
  THIS IS A DEMO: the Ollama and the GPU below are simulated; the machine and its PostgreSQL are real.

  Faults on demand:
    GPU      echo hang > ${scene}
             (hang, exit9, garbage, half, nodevices, mig, na, load, idle; vary is normal)
    Ollama   curl -X POST ${url}/__sim/faults -d '{"kind":"hang","path":"/api/ps","times":3}'
             (hang, slow, reset, half-body, bad-json, html, status, busy, cut-stream, …)
`
}
