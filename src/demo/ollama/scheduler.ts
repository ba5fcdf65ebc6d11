import { busy, cancelled } from './failure.ts'
import { place, type Footprint, type Machine } from './memory.ts'
import type { SimModel } from './models.ts'
import { createResidents, type Lease, type Residents } from './residents.ts'
import { chooseVictim, needsReload, type Runner, type RunnerOptions } from './runner.ts'
import { createSlots, sleep, whileHere } from './wait.ts'

export interface SchedulerOptions extends Machine {
  /** OLLAMA_NUM_PARALLEL, OLLAMA_MAX_LOADED_MODELS, OLLAMA_MAX_QUEUE. */
  readonly numParallel: number
  readonly maxLoaded: number
  readonly maxQueue: number
  /** OLLAMA_KEEP_ALIVE in ms; Infinity pins. */
  readonly keepAlive: number
  /** Simulated time runs this many times faster. */
  readonly timeScale: number
}

export interface Wanted {
  readonly name: string
  readonly model: SimModel
  readonly options: RunnerOptions
  /** In ms; undefined leaves it as it is. */
  readonly keepAlive: number | undefined
}

export interface Scheduler {
  /** Waits until the model is in memory. Rejects with 503 if the queue is full, 499 if the client leaves. */
  acquire(wanted: Wanted, signal: AbortSignal): Promise<Lease>
  /** Unloads a model as soon as nobody uses it. */
  expire(blob: string): void
  /** Puts a model into memory at once, in place of what was loaded from the same file. */
  put(wanted: Wanted): void
  /** Takes a model out of memory at once, busy or not. */
  drop(blob: string): void
  readonly loaded: readonly Runner[]
  /** Requests that wait for a load. */
  readonly queued: number
}

interface Pending extends Wanted {
  readonly signal: AbortSignal
  resolve(lease: Lease): void
  reject(error: unknown): void
}

/** Families whose runners take one request at a time, whatever is configured. */
const single = new Set(['mllama', 'qwen3vl', 'qwen3vlmoe', 'qwen35', 'qwen35moe', 'qwen3next', 'lfm2', 'lfm2moe'])

/**
 * Decides as Ollama does: a loaded model is used at once, without bound; anything that needs a load goes through a
 * bounded queue that is served one by one, each waiting for its victim to become idle.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const residents = createResidents(options.timeScale)
  const queue = createQueue(options.maxQueue, (pending) => serve(pending, residents, options))
  return {
    async acquire(wanted, signal) {
      for (;;) {
        const runner = residents.get(wanted.model.blob)
        if (runner?.state !== 'loading') {
          const usable = runner !== undefined && !needsReload(runner, wanted.options)
          return usable ? residents.use(runner, wanted.keepAlive) : queue.add(wanted, signal)
        }
        await whileHere(runner.settled, signal)
      }
    },
    expire(blob) {
      const runner = residents.get(blob)
      if (runner !== undefined) residents.expire(runner)
    },
    put(wanted) {
      const { size } = wanted.model
      const old = residents.get(wanted.model.blob)
      if (old !== undefined) residents.unload(old)
      const alone = footprint(wanted, options, []) ?? { size, vram: 0 }
      const runner = newRunner(wanted, alone, options, Promise.resolve())
      runner.state = 'ready'
      residents.add(runner)
      residents.rest(runner)
    },
    drop(blob) {
      const runner = residents.get(blob)
      if (runner !== undefined) residents.unload(runner)
    },
    get loaded() {
      return residents.all
    },
    get queued() {
      return queue.length
    },
  }
}

interface Queue {
  add(wanted: Wanted, signal: AbortSignal): Promise<Lease>
  readonly length: number
}

/** One at a time is served; `maxQueue` more may wait. Who has left keeps his place until his turn, as in Ollama. */
function createQueue(maxQueue: number, serveOne: (pending: Pending) => Promise<void>): Queue {
  const queue: Pending[] = []
  let working = false

  async function work(first: Pending): Promise<void> {
    for (let next: Pending | undefined = first; next !== undefined; next = queue.shift()) {
      const pending = next
      if (!pending.signal.aborted) await serveOne(pending).catch((error: unknown) => pending.reject(error))
    }
    working = false
  }

  return {
    get length() {
      return queue.length
    },
    add(wanted, signal) {
      const lease = new Promise<Lease>((resolve, reject) => {
        const pending = { ...wanted, signal, resolve, reject }
        if (!working) {
          working = true
          void work(pending)
        } else if (queue.length >= maxQueue) reject(busy())
        else queue.push(pending)
      })
      // A lease that comes after its client has left goes straight back.
      lease.then(
        (late) => signal.aborted && late.release(),
        () => undefined,
      )
      return whileHere(lease, signal)
    },
  }
}

/** Gets the model of one pending request loaded, making room for it if need be; ends when its load has begun. */
async function serve(pending: Pending, residents: Residents, options: SchedulerOptions): Promise<void> {
  for (;;) {
    const runner = residents.get(pending.model.blob)
    let victim: Runner | undefined
    if (runner !== undefined) {
      await runner.settled
      if (residents.get(pending.model.blob) !== runner) continue
      if (!needsReload(runner, pending.options)) return pending.resolve(residents.use(runner, pending.keepAlive))
      victim = runner
    } else if (residents.all.length >= options.maxLoaded) victim = chooseVictim(residents.all)
    else {
      await Promise.all(residents.all.map((other) => other.settled))
      const room = footprint(pending, options, residents.all)
      if (room !== undefined) return load(pending, room, residents, options)
      victim = chooseVictim(residents.all)
    }
    if (victim === undefined) continue
    const unloaded = residents.nextUnload()
    residents.expire(victim)
    await unloaded
  }
}

/** The load belongs to the request that began it: if that client leaves, the load is lost for everyone. */
function load(pending: Pending, room: Footprint, residents: Residents, options: SchedulerOptions): void {
  const loading = sleep((pending.model.loadSeconds * 1000) / options.timeScale, pending.signal)
  const settled = loading.then(
    () => {
      if (runner.state === 'gone') return pending.reject(cancelled())
      runner.state = 'ready'
      pending.resolve(residents.use(runner))
    },
    (error: unknown) => {
      residents.unload(runner)
      pending.reject(error)
    },
  )
  const runner = newRunner(pending, room, options, settled)
  residents.add(runner)
}

function slotsOf(model: SimModel, numParallel: number): number {
  return single.has(model.family) || !model.capabilities.includes('completion') ? 1 : numParallel
}

function footprint(wanted: Wanted, options: SchedulerOptions, beside: readonly Runner[]): Footprint | undefined {
  const { num_ctx, num_gpu } = wanted.options
  return place(wanted.model, num_ctx * slotsOf(wanted.model, options.numParallel), num_gpu, options, beside)
}

function newRunner(wanted: Wanted, room: Footprint, defaults: SchedulerOptions, settled: Promise<void>): Runner {
  const { name, model, options, keepAlive = defaults.keepAlive } = wanted
  const slots = createSlots(slotsOf(model, defaults.numParallel))
  return { ...room, name, model, options, slots, settled, state: 'loading', users: 0, keepAlive }
}
