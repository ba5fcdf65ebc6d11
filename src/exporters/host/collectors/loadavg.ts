import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'

export const metrics = {
  load1: gauge('node_load1', '1m load average.'),
  load5: gauge('node_load5', '5m load average.'),
  load15: gauge('node_load15', '15m load average.'),
}

/** Runnable and uninterruptible tasks, averaged over 1, 5 and 15 minutes. */
export interface LoadAverage {
  readonly load1: number
  readonly load5: number
  readonly load15: number
}

export function parseLoadAverage(text: string): LoadAverage {
  const [load1 = Number.NaN, load5 = Number.NaN, load15 = Number.NaN] = text.split(' ', 3).map(Number)
  return { load1, load5, load15 }
}

export function createLoadavg(source: Source): Collector<LoadAverage> {
  return {
    name: 'loadavg',
    read: () => parseLoadAverage(source.proc('loadavg')),
    write(reading, out) {
      out.set(metrics.load1, reading.load1)
      out.set(metrics.load5, reading.load5)
      out.set(metrics.load15, reading.load15)
    },
  }
}
