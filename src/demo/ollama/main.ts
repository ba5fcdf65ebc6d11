import { parseArgs } from 'node:util'
import { createOllamaSimulator } from './server.ts'

// A simulated Ollama as a program: node src/demo/ollama/main.ts --port 11434 --time-scale 4
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '11434' },
    host: { type: 'string', default: '127.0.0.1' },
    'time-scale': { type: 'string', default: '1' },
    'num-parallel': { type: 'string', default: '1' },
    'max-loaded': { type: 'string', default: '3' },
    'max-queue': { type: 'string', default: '512' },
    'vram-gib': { type: 'string', default: '24' },
    seed: { type: 'string', default: 'aura' },
  },
})

const simulator = createOllamaSimulator({
  timeScale: Number(values['time-scale']),
  numParallel: Number(values['num-parallel']),
  maxLoaded: Number(values['max-loaded']),
  maxQueue: Number(values['max-queue']),
  vram: Number(values['vram-gib']) * 2 ** 30,
  seed: values.seed,
})

const url = await simulator.listen(Number(values.port), values.host)
process.stdout.write(`simulated Ollama on ${url}; faults at ${url}/__sim/faults\n`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void simulator.close())
}
