import { counter, gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'

const by = ['local_address', 'local_port', 'remote_address', 'remote_port', 'proto', 'local_mark']

export const metrics = {
  connections: counter('node_ipvs_connections_total', 'The total number of connections made.'),
  incomingPackets: counter('node_ipvs_incoming_packets_total', 'The total number of incoming packets.'),
  outgoingPackets: counter('node_ipvs_outgoing_packets_total', 'The total number of outgoing packets.'),
  incomingBytes: counter('node_ipvs_incoming_bytes_total', 'The total amount of incoming data.'),
  outgoingBytes: counter('node_ipvs_outgoing_bytes_total', 'The total amount of outgoing data.'),
  active: gauge(
    'node_ipvs_backend_connections_active',
    'The current active connections by local and remote address.',
    ...by,
  ),
  inactive: gauge(
    'node_ipvs_backend_connections_inactive',
    'The current inactive connections by local and remote address.',
    ...by,
  ),
  weight: gauge('node_ipvs_backend_weight', 'The current backend weight by local and remote address.', ...by),
}

export interface IpvsBackend {
  /** Values of the labels, in their order. */
  readonly labels: readonly string[]
  readonly weight: number
  readonly active: number
  readonly inactive: number
}

/** Connections, packets in and out, bytes in and out, from the first row of hex figures. */
export function parseIpvsTotals(text: string): number[] {
  return (text.split('\n')[2] ?? '')
    .trim()
    .split(/\s+/)
    .map((cell) => Number.parseInt(cell, 16))
}

/** `C0A80016:0CEA` -> 192.168.0.22 and 3306; `[2620:…:0002]:0050` keeps its address, without leading zeros. */
export function parseEndpoint(text: string): readonly [address: string, port: string] {
  const colon = text.lastIndexOf(':')
  const port = String(Number.parseInt(text.slice(colon + 1), 16))
  const address = text.slice(0, colon)
  if (address.startsWith('[')) return [new URL(`http://${address}`).hostname.slice(1, -1), port]
  const bytes = address.match(/../g) ?? []
  return [bytes.map((byte) => Number.parseInt(byte, 16)).join('.'), port]
}

/** Parses /proc/net/ip_vs: a line per service, below it a line `->` per server behind it. */
export function parseIpvsBackends(text: string): IpvsBackend[] {
  const backends = new Map<string, IpvsBackend>()
  let service: readonly [address: string, port: string, proto: string, mark: string] | undefined
  for (const line of text.split('\n').slice(3)) {
    const [word = '', endpoint = '', , weight, active, inactive] = line.trim().split(/\s+/)
    if (word === 'TCP' || word === 'UDP' || word === 'SCTP') service = [...parseEndpoint(endpoint), word, '']
    else if (word === 'FWM') service = ['', '0', word, endpoint]
    else if (word === '->' && service !== undefined) {
      const [local, localPort, proto, mark] = service
      const labels = [local, localPort, ...parseEndpoint(endpoint), proto, mark]
      const known = backends.get(labels.join()) ?? { labels, weight: 0, active: 0, inactive: 0 }
      backends.set(labels.join(), {
        labels,
        weight: known.weight + Number(weight),
        active: known.active + Number(active),
        inactive: known.inactive + Number(inactive),
      })
    }
  }
  return [...backends.values()]
}

export interface Ipvs {
  readonly totals: readonly number[]
  readonly backends: readonly IpvsBackend[]
}

/** The kernel's load balancer. */
export function createIpvs(source: Source): Collector<Ipvs> {
  return {
    name: 'ipvs',
    read: () => ({
      totals: parseIpvsTotals(source.proc('net/ip_vs_stats')),
      backends: parseIpvsBackends(source.proc('net/ip_vs')),
    }),
    write({ totals, backends }, out) {
      const [connections, incomingPackets, outgoingPackets, incomingBytes, outgoingBytes] = totals
      out.set(metrics.connections, connections)
      out.set(metrics.incomingPackets, incomingPackets)
      out.set(metrics.outgoingPackets, outgoingPackets)
      out.set(metrics.incomingBytes, incomingBytes)
      out.set(metrics.outgoingBytes, outgoingBytes)
      for (const { labels, weight, active, inactive } of backends) {
        out.set(metrics.active, active, ...labels)
        out.set(metrics.inactive, inactive, ...labels)
        out.set(metrics.weight, weight, ...labels)
      }
    },
  }
}
