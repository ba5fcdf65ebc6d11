import { UnavailableError } from '../../../errors.ts'
import { counter } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'

export const metrics = {
  cpuWaiting: counter(
    'node_pressure_cpu_waiting_seconds_total',
    'Total time in seconds that processes have waited for CPU time',
  ),
  ioWaiting: counter(
    'node_pressure_io_waiting_seconds_total',
    'Total time in seconds that processes have waited due to IO congestion',
  ),
  ioStalled: counter(
    'node_pressure_io_stalled_seconds_total',
    'Total time in seconds no process could make progress due to IO congestion',
  ),
  memoryWaiting: counter(
    'node_pressure_memory_waiting_seconds_total',
    'Total time in seconds that processes have waited for memory',
  ),
  memoryStalled: counter(
    'node_pressure_memory_stalled_seconds_total',
    'Total time in seconds no process could make progress due to memory congestion',
  ),
  irqStalled: counter(
    'node_pressure_irq_stalled_seconds_total',
    'Total time in seconds no process could make progress due to IRQ congestion',
  ),
}

/** Seconds in which some task (waiting), or all of them (stalled), lacked a resource. */
export interface Pressure {
  readonly waiting?: number
  readonly stalled?: number
}

export interface Pressures {
  readonly cpu: Pressure
  readonly io: Pressure
  readonly memory: Pressure
  /** Since kernel 6.1, and only with CONFIG_IRQ_TIME_ACCOUNTING. */
  readonly irq?: Pressure
}

/** Totals of one file of /proc/pressure, from microseconds. */
export function parsePressure(text: string): Pressure {
  const pressure: { waiting?: number; stalled?: number } = {}
  for (const line of text.split('\n')) {
    const at = line.lastIndexOf('total=')
    if (at < 0) continue
    const seconds = Number(line.slice(at + 6)) / 1e6
    if (line.startsWith('some')) pressure.waiting = seconds
    else if (line.startsWith('full')) pressure.stalled = seconds
  }
  return pressure
}

function optional(source: Source, path: string): Pressure | undefined {
  try {
    return parsePressure(source.proc(path))
  } catch (error) {
    if (error instanceof UnavailableError) return undefined
    throw error
  }
}

// A kernel with PSI compiled in but switched off has the files and answers EOPNOTSUPP.
function required(source: Source, path: string): Pressure {
  try {
    return parsePressure(source.proc(path))
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EOPNOTSUPP' || error.code === 'ENOTSUP')) {
      throw new UnavailableError('pressure accounting is off; psi=1 on the kernel command line enables it', {
        cause: error,
      })
    }
    throw error
  }
}

/** Pressure stall information. */
export function createPressure(source: Source): Collector<Pressures> {
  // Whether the kernel has the irq file does not change while it runs.
  let hasIrq = true
  return {
    name: 'pressure',
    read() {
      const cpu = required(source, 'pressure/cpu')
      const io = required(source, 'pressure/io')
      const memory = required(source, 'pressure/memory')
      const irq = hasIrq ? optional(source, 'pressure/irq') : undefined
      hasIrq = irq !== undefined
      return irq === undefined ? { cpu, io, memory } : { cpu, io, memory, irq }
    },
    write({ cpu, io, memory, irq }, out) {
      out.set(metrics.cpuWaiting, cpu.waiting)
      out.set(metrics.ioWaiting, io.waiting)
      out.set(metrics.ioStalled, io.stalled)
      out.set(metrics.memoryWaiting, memory.waiting)
      out.set(metrics.memoryStalled, memory.stalled)
      out.set(metrics.irqStalled, irq?.stalled)
    },
  }
}
