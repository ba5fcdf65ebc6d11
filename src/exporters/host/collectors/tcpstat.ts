import { UnavailableError } from '../../../errors.ts'
import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'

export const metrics = {
  states: gauge('node_tcp_connection_states', 'Number of connection states.', 'state'),
}

/** By the kernel's number, in hex as /proc/net/tcp has it. */
const stateNames: ReadonlyMap<string, string> = new Map([
  ['01', 'established'],
  ['02', 'syn_sent'],
  ['03', 'syn_recv'],
  ['04', 'fin_wait1'],
  ['05', 'fin_wait2'],
  ['06', 'time_wait'],
  ['07', 'close'],
  ['08', 'close_wait'],
  ['09', 'last_ack'],
  ['0A', 'listen'],
  ['0B', 'closing'],
  // A connection request not yet accepted, which the kernel lists apart.
  ['0C', 'syn_recv'],
])

/** Adds the sockets of /proc/net/tcp or tcp6 to the counts by state, and their queues in bytes. */
export function countTcp(text: string, counts: Map<string, number>): void {
  const add = (state: string, amount: number): void => void counts.set(state, (counts.get(state) ?? 0) + amount)
  for (const [, code = '', sent = '', received = ''] of text.matchAll(
    /^\s*\d+: \S+ \S+ ([\dA-F]{2}) ([\dA-F]+):([\dA-F]+)/gm,
  )) {
    add(stateNames.get(code) ?? 'unknown', 1)
    add('rx_queued_bytes', Number.parseInt(received, 16))
    add('tx_queued_bytes', Number.parseInt(sent, 16))
  }
}

function countFile(source: Source, path: string, counts: Map<string, number>): boolean {
  try {
    countTcp(source.proc(path), counts)
    return true
  } catch (error) {
    if (error instanceof UnavailableError) return false
    throw error
  }
}

/** TCP sockets by state. Off unless asked for: with very many sockets the kernel takes long to list them. */
export function createTcpstat(source: Source): Collector<ReadonlyMap<string, number>> {
  return {
    name: 'tcpstat',
    read() {
      const counts = new Map<string, number>()
      const found = ['net/tcp', 'net/tcp6'].filter((path) => countFile(source, path, counts))
      if (found.length === 0) throw new UnavailableError('neither net/tcp nor net/tcp6 exists')
      return counts
    },
    write(counts, out) {
      for (const [state, count] of counts) out.set(metrics.states, count, state)
    },
  }
}
