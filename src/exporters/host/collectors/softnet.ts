import { counter, gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'

export const metrics = {
  processed: counter('node_softnet_processed_total', 'Number of processed packets', 'cpu'),
  dropped: counter('node_softnet_dropped_total', 'Number of dropped packets', 'cpu'),
  squeezed: counter('node_softnet_times_squeezed_total', 'Number of times processing packets ran out of quota', 'cpu'),
  collisions: counter(
    'node_softnet_cpu_collision_total',
    'Number of collision occur while obtaining device lock while transmitting',
    'cpu',
  ),
  receivedRps: counter('node_softnet_received_rps_total', 'Number of times cpu woken up received_rps', 'cpu'),
  flowLimits: counter('node_softnet_flow_limit_count_total', 'Number of times flow limit has been reached', 'cpu'),
  backlog: gauge('node_softnet_backlog_len', 'Softnet backlog status', 'cpu'),
}

/** Packet processing of one CPU; the later columns came with kernels 2.6.39, 4.18 and 5.14. */
export interface Softnet {
  readonly cpu: string
  readonly processed: number
  readonly dropped: number
  readonly squeezed: number
  readonly collisions: number
  readonly receivedRps: number | undefined
  readonly flowLimits: number | undefined
  readonly backlog: number | undefined
}

/** Parses /proc/net/softnet_stat: one line of hex columns per CPU. */
export function parseSoftnet(text: string): Softnet[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line, row) => {
      const columns = line.split(' ').map((cell) => Number.parseInt(cell, 16))
      const at = (index: number): number => columns[index] ?? Number.NaN
      return {
        // Offline CPUs have no line, so the row is not the CPU; kernels since 5.14 say which one it is.
        cpu: String(columns.length >= 13 ? at(12) : row),
        processed: at(0),
        dropped: at(1),
        squeezed: at(2),
        collisions: at(8),
        receivedRps: columns[9],
        flowLimits: columns[10],
        backlog: columns.length >= 13 ? columns[11] : undefined,
      }
    })
}

export function createSoftnet(source: Source): Collector<Softnet[]> {
  return {
    name: 'softnet',
    read: () => parseSoftnet(source.proc('net/softnet_stat')),
    write(reading, out) {
      for (const row of reading) {
        out.set(metrics.processed, row.processed, row.cpu)
        out.set(metrics.dropped, row.dropped, row.cpu)
        out.set(metrics.squeezed, row.squeezed, row.cpu)
        out.set(metrics.collisions, row.collisions, row.cpu)
        out.set(metrics.receivedRps, row.receivedRps, row.cpu)
        out.set(metrics.flowLimits, row.flowLimits, row.cpu)
        out.set(metrics.backlog, row.backlog, row.cpu)
      }
    },
  }
}
