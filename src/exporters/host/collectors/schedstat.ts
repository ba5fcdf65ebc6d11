import { counter } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'

export const metrics = {
  running: counter('node_schedstat_running_seconds_total', 'Number of seconds CPU spent running a process.', 'cpu'),
  waiting: counter(
    'node_schedstat_waiting_seconds_total',
    'Number of seconds spent by processing waiting for this CPU.',
    'cpu',
  ),
  timeslices: counter('node_schedstat_timeslices_total', 'Number of timeslices executed by CPU.', 'cpu'),
}

export interface CpuSchedule {
  readonly cpu: string
  /** Seconds. */
  readonly running: number
  /** Seconds that runnable tasks spent in this CPU's queue. */
  readonly waiting: number
  readonly timeslices: number
}

/** The `cpuN` lines of /proc/schedstat; columns 7 to 9 are run time, wait time (both ns) and time slices. */
export function parseSchedstat(text: string): CpuSchedule[] {
  const cpus: CpuSchedule[] = []
  for (const line of text.split('\n')) {
    if (!line.startsWith('cpu')) continue
    const cells = line.split(' ')
    cpus.push({
      cpu: (cells[0] as string).slice(3),
      running: Number(cells[7]) / 1e9,
      waiting: Number(cells[8]) / 1e9,
      timeslices: Number(cells[9]),
    })
  }
  return cpus
}

export function createSchedstat(source: Source): Collector<CpuSchedule[]> {
  return {
    name: 'schedstat',
    read: () => parseSchedstat(source.proc('schedstat')),
    write(reading, out) {
      for (const { cpu, running, waiting, timeslices } of reading) {
        out.set(metrics.running, running, cpu)
        out.set(metrics.waiting, waiting, cpu)
        out.set(metrics.timeslices, timeslices, cpu)
      }
    },
  }
}
