import { sendJson, type Exchange } from './exchange.ts'
import { parseFault, type Faults } from './faults.ts'
import type { Engine } from './inference.ts'
import type { SimModel } from './models.ts'
import { runnerOptions, type Runner } from './runner.ts'

/** The simulator's strings, for tests and demonstrations; what clients see only follows. */
export interface Control {
  readonly faults: Faults
  /** Puts a model into memory at once. `keepAlive` in ms, Infinity pins; `numGpu` layers go to the GPU. */
  load(name: string, how?: { keepAlive?: number; numCtx?: number; numGpu?: number }): void
  /** Takes it out of memory at once, busy or not. */
  unload(name: string): void
  install(model: SimModel): void
  uninstall(name: string): void
  /** Names of the installed models. */
  installed(): readonly string[]
  /** What is in memory now. */
  loaded(): readonly Runner[]
  /** Requests that wait for a load. */
  queued(): number
  /** Requests so far, by method and path. */
  readonly requests: ReadonlyMap<string, number>
  /** The process is killed: connections break, memory is empty, the port refuses. Comes back by itself after `ms`. */
  die(ms?: number): Promise<void>
  revive(): Promise<void>
}

export interface Life {
  die(): Promise<void>
  revive(): Promise<void>
}

export function createControl(
  engine: Engine,
  faults: Faults,
  requests: ReadonlyMap<string, number>,
  life: Life,
): Control {
  const { library, scheduler, defaultContext } = engine
  let revival: NodeJS.Timeout | undefined

  function find(name: string): { name: string; model: SimModel } {
    const found = library.find(name)
    if (found === undefined) throw new Error(`no model ${name} is installed`)
    return found
  }

  return {
    faults,
    requests,
    load(name, { keepAlive, numCtx, numGpu } = {}) {
      const { model, name: full } = find(name)
      const options = runnerOptions({ num_ctx: numCtx, num_gpu: numGpu }, defaultContext)
      scheduler.put({ name: full, model, keepAlive, options })
    },
    unload(name) {
      for (const runner of scheduler.loaded) if (runner.name === name) scheduler.drop(runner.model.blob)
    },
    install: (model) => library.add(model.name, model),
    uninstall: (name) => void library.remove(name),
    installed: () => library.list().map(({ name }) => name),
    loaded: () => scheduler.loaded,
    queued: () => scheduler.queued,
    async die(ms) {
      await life.die()
      for (const runner of scheduler.loaded) scheduler.drop(runner.model.blob)
      clearTimeout(revival)
      if (ms !== undefined) revival = setTimeout(() => void life.revive(), ms).unref()
    },
    async revive() {
      clearTimeout(revival)
      await life.revive()
    },
  }
}

/** `/__sim/faults`: GET lists, POST adds one or several, DELETE clears; `/__sim/die` with `{"ms":…}`; `/__sim/state`. */
export async function serveControl(exchange: Exchange, control: Control, read: () => Promise<unknown>): Promise<void> {
  const { method } = exchange.req
  if (exchange.path === '/__sim/state') {
    const loaded = control.loaded().map(({ name, users, slots }) => ({ name, users, waiting: slots.waiting }))
    return sendJson(exchange, 200, { loaded, queued: control.queued(), requests: Object.fromEntries(control.requests) })
  }
  if (exchange.path === '/__sim/die' && method === 'POST') {
    const { ms } = (await read()) as { ms?: number }
    sendJson(exchange, 202, {})
    return void control.die(ms ?? 5000)
  }
  if (exchange.path !== '/__sim/faults') return sendJson(exchange, 404, { error: 'no such control' })
  if (method === 'POST') {
    const posted = await read()
    for (const fault of Array.isArray(posted) ? posted : [posted]) control.faults.add(parseFault(fault))
  } else if (method === 'DELETE') control.faults.clear()
  sendJson(exchange, 200, { faults: control.faults.list() })
}
