import type { Footprint } from './memory.ts'
import type { SimModel } from './models.ts'
import type { Slots } from './wait.ts'

/** Options that a runner is started with: another value of any of them needs another runner. */
export interface RunnerOptions {
  readonly num_ctx: number
  readonly num_batch: number
  /** Layers on the GPU; negative for as many as fit. */
  readonly num_gpu: number
  readonly main_gpu: number
  readonly use_mmap: boolean | null
  readonly num_thread: number
}

const defaults = { num_batch: 512, num_gpu: -1, main_gpu: 0, use_mmap: null, num_thread: 0 }

/** Picks the runner's options out of a request's. */
export function runnerOptions(requested: Readonly<Record<string, unknown>>, defaultContext: number): RunnerOptions {
  const options: Record<string, unknown> = { num_ctx: defaultContext, ...defaults }
  for (const key of Object.keys(options)) if (requested[key] !== undefined) options[key] = requested[key]
  const chosen = options as unknown as RunnerOptions
  return { ...chosen, num_ctx: Math.max(4, chosen.num_ctx) }
}

/** A model in memory. */
export interface Runner extends Footprint {
  /** The name it was loaded under. */
  readonly name: string
  readonly model: SimModel
  readonly options: RunnerOptions
  readonly slots: Slots
  /** Settles when loading has ended, either way. */
  readonly settled: Promise<void>
  state: 'loading' | 'ready' | 'gone'
  /** Requests that hold it. */
  users: number
  /** How long it stays when idle, in ms of simulated time; Infinity pins it. */
  keepAlive: number
  /** Since it last became idle; ms since the epoch. */
  expiresAt?: number
  timer?: NodeJS.Timeout
}

export function needsReload(runner: Runner, wanted: RunnerOptions): boolean {
  const has = runner.options
  const sameLayers = wanted.num_gpu < 0 || wanted.num_gpu === has.num_gpu
  return !(
    sameLayers &&
    has.num_ctx === wanted.num_ctx &&
    has.num_batch === wanted.num_batch &&
    has.main_gpu === wanted.main_gpu &&
    has.use_mmap === wanted.use_mmap &&
    has.num_thread === wanted.num_thread
  )
}

/** The one to leave: idle before busy, then the shortest keep-alive, then by file. */
export function chooseVictim(runners: readonly Runner[]): Runner | undefined {
  const order = runners.toSorted((a, b) => a.keepAlive - b.keepAlive || (a.model.blob < b.model.blob ? -1 : 1))
  return order.find((runner) => runner.users === 0) ?? order[0]
}
