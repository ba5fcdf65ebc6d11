import { performance } from 'node:perf_hooks'
import { UnavailableError } from '../errors.ts'
import { gauge, type Exposition } from '../lib/exposition.ts'
import type { Logger } from '../lib/logger.ts'
import type { Collector, Exporter } from './exporter.ts'

/** Which collectors a scrape wants: `collect[]` keeps only the named, `exclude[]` drops the named. */
export interface Filter {
  readonly collect: readonly string[]
  readonly exclude: readonly string[]
}

export const everything: Filter = { collect: [], exclude: [] }

export interface Runner {
  readonly collectors: readonly string[]
  /** Reads the wanted collectors, each within `deadline` ms, and writes their series. Never rejects. */
  scrape(filter: Filter, deadline: number, out: Exposition): Promise<void>
  /**
   * Fresh readings by collector, for consumers other than Prometheus; those that fail are left out, and their errors
   * put into `failures`. Never rejects.
   */
  take(
    collectors: readonly string[],
    deadline: number,
    failures?: Map<string, unknown>,
  ): Promise<ReadonlyMap<string, unknown>>
}

interface Slot {
  readonly collector: Collector
  /** The read under way, if it outlives the call that began it. */
  flight?: Flight
  /** Cause of the present failure; absent while all is well. Decides when a line is logged. */
  failing?: string
}

interface Flight {
  readonly reading: Promise<unknown>
  readonly abort: AbortController
}

/** Runs one exporter's collectors: a deadline each, one read in flight each, one log line per change of state. */
export function createRunner(exporter: Exporter, log: Logger): Runner {
  const slots: Slot[] = exporter.collectors.map((collector) => ({ collector }))
  const duration = gauge(
    `${exporter.prefix}_scrape_collector_duration_seconds`,
    'Time a collector took for this scrape, in seconds.',
    'collector',
  )
  const success = gauge(
    `${exporter.prefix}_scrape_collector_success`,
    'Whether a collector delivered fresh values for this scrape.',
    'collector',
  )

  async function one(slot: Slot, deadline: number, out: Exposition): Promise<void> {
    const { collector } = slot
    const start = performance.now()
    let ok = 0
    try {
      const reading = await read(slot, deadline)
      collector.write(reading, out)
      ok = 1
      recovered(slot, log)
    } catch (error) {
      collector.writeFailure?.(error, out)
      failed(slot, error, log)
    }
    out.set(duration, (performance.now() - start) / 1000, collector.name)
    out.set(success, ok, collector.name)
  }

  return {
    collectors: slots.map((slot) => slot.collector.name),
    async scrape(filter, deadline, out) {
      await Promise.all(slots.filter((slot) => wanted(slot, filter)).map((slot) => one(slot, deadline, out)))
    },
    async take(names, deadline, failures) {
      const taken = new Map<string, unknown>()
      const ask = async (slot: Slot): Promise<void> => {
        try {
          taken.set(slot.collector.name, await read(slot, deadline))
          recovered(slot, log)
        } catch (error) {
          failures?.set(slot.collector.name, error)
          failed(slot, error, log)
        }
      }
      await Promise.all(slots.filter(({ collector }) => names.includes(collector.name)).map(ask))
      return taken
    },
  }
}

function wanted({ collector }: Slot, { collect, exclude }: Filter): boolean {
  if (exclude.includes(collector.name)) return false
  return collect.length === 0 || collect.includes(collector.name)
}

/** Begins a read, or joins the one under way; a read that ignored its abort is never joined, so it stalls no one twice. */
function read(slot: Slot, deadline: number): unknown {
  if (slot.flight === undefined) {
    const abort = new AbortController()
    const reading = slot.collector.read(abort.signal)
    if (!(reading instanceof Promise)) return reading
    const flight = { reading, abort }
    slot.flight = flight
    const landed = (): void => {
      if (slot.flight === flight) delete slot.flight
    }
    reading.then(landed, landed)
  } else if (slot.flight.abort.signal.aborted) {
    throw new Error('the previous read ignored its deadline and has still not returned')
  }
  return within(slot.flight, deadline)
}

function within({ reading, abort }: Flight, deadline: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const late = new Error(`no answer within ${deadline} ms`)
      abort.abort(late)
      reject(late)
    }, deadline)
    reading.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function recovered(slot: Slot, log: Logger): void {
  if (slot.failing === undefined) return
  delete slot.failing
  log.info({ collector: slot.collector.name }, 'collector works again')
}

function failed(slot: Slot, error: unknown, log: Logger): void {
  const cause = error instanceof Error ? error.message : String(error)
  const known = slot.failing !== undefined
  slot.failing = cause
  if (known) return
  if (error instanceof UnavailableError) {
    log.debug({ collector: slot.collector.name, cause }, 'collector has no source on this machine')
  } else {
    log.warn({ collector: slot.collector.name, err: error }, 'collector fails')
  }
}
