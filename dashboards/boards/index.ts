import type { Board } from '../lib/board.ts'
import { auraBoard } from './aura.ts'
import { governanceBoard } from './governance.ts'
import { gpuBoard } from './gpu.ts'
import { host } from './host.ts'
import { k6Board } from './k6.ts'
import { ollamaBoard } from './ollama.ts'
import { overview } from './overview.ts'
import { postgresBoard } from './postgres.ts'
import { prometheusBoard } from './prometheus.ts'
import { realtime } from './realtime.ts'
import { sloBoard } from './slo.ts'

/** Every board, the one to open first at the top. */
export const boards: readonly Board[] = [
  overview,
  host,
  gpuBoard,
  ollamaBoard,
  postgresBoard,
  auraBoard,
  realtime,
  governanceBoard,
  sloBoard,
  prometheusBoard,
  k6Board,
]
