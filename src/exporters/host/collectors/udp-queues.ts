import { UnavailableError } from '../../../errors.ts'
import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'

export const metrics = {
  queues: gauge(
    'node_udp_queues',
    'Number of allocated memory in the kernel for UDP datagrams in bytes.',
    'queue',
    'ip',
  ),
}

/** Bytes queued over all UDP sockets of one address family. */
export interface UdpQueues {
  readonly ip: 'v4' | 'v6'
  readonly tx: number
  readonly rx: number
}

/** Sums the `tx_queue:rx_queue` column of /proc/net/udp or /proc/net/udp6. */
export function parseUdpQueues(text: string): { tx: number; rx: number } {
  let tx = 0
  let rx = 0
  // Slots, local and remote address, state, then the two queues as eight hex digits each.
  for (const [, sent = '', received = ''] of text.matchAll(/^\s*\d+: \S+ \S+ \S+ ([\dA-F]+):([\dA-F]+)/gm)) {
    tx += Number.parseInt(sent, 16)
    rx += Number.parseInt(received, 16)
  }
  return { tx, rx }
}

function family(source: Source, path: string, ip: UdpQueues['ip']): UdpQueues[] {
  try {
    return [{ ip, ...parseUdpQueues(source.proc(path)) }]
  } catch (error) {
    if (error instanceof UnavailableError) return []
    throw error
  }
}

export function createUdpQueues(source: Source): Collector<UdpQueues[]> {
  return {
    name: 'udp_queues',
    read() {
      const reading = [...family(source, 'net/udp', 'v4'), ...family(source, 'net/udp6', 'v6')]
      if (reading.length === 0) throw new UnavailableError('neither net/udp nor net/udp6 exists')
      return reading
    },
    write(reading, out) {
      for (const { ip, tx, rx } of reading) {
        out.set(metrics.queues, tx, 'tx', ip)
        out.set(metrics.queues, rx, 'rx', ip)
      }
    },
  }
}
