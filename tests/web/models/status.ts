import type { ModelsStatus } from '../../../src/features/models/contract.ts'
import { noon } from '../monitor/readings.ts'

const GiB = 2 ** 30

const llama = {
  name: 'llama3.2:latest',
  family: 'llama',
  parameters: '3.2B',
  quantization: 'Q4_K_M',
  size: 2 * GiB,
  modified: noon - 86_400_000,
  loaded: true,
  vram: 3 * GiB,
  ram: GiB,
  context: 8192,
  expires: noon + 120_000,
  pinned: false,
  since: noon - 60_000,
}

const qwen = {
  name: 'qwen3:8b',
  family: 'qwen3',
  parameters: '8B',
  quantization: 'Q4_K_M',
  size: 5 * GiB,
  loaded: true,
  vram: 6 * GiB,
  ram: 0,
  pinned: true,
}

const idle = {
  name: 'nomic-embed-text:latest',
  family: 'nomic-bert',
  parameters: '137M',
  quantization: 'F16',
  size: 274_000_000,
  loaded: false,
  pinned: false,
}

/** One model that spills, one pinned, one on disk. */
export const status: ModelsStatus = {
  ollama: { up: true, since: noon - 3_600_000, version: '0.12.3', url: 'http://127.0.0.1:11434' },
  models: [llama, qwen, idle],
  totals: { installed: 3, loaded: 2, vram: 9 * GiB, ram: GiB },
}

export const away: ModelsStatus = {
  ...status,
  ollama: {
    up: false,
    since: noon - 20_000,
    reason: 'connection refused',
    url: 'http://127.0.0.1:11434',
    stale: noon - 25_000,
  },
}

export const empty: ModelsStatus = {
  ...status,
  models: [],
  totals: { installed: 0, loaded: 0, vram: 0, ram: 0 },
}
