import { counter } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { parseRpc, version2, version3, version4Client } from '../nfs-procedures.ts'
import type { Source } from '../source.ts'

export const metrics = {
  packets: counter(
    'node_nfs_packets_total',
    'Total NFSd network packets (sent+received) by protocol type.',
    'protocol',
  ),
  connections: counter('node_nfs_connections_total', 'Total number of NFSd TCP connections.'),
  rpcs: counter('node_nfs_rpcs_total', 'Total number of RPCs performed.'),
  retransmissions: counter('node_nfs_rpc_retransmissions_total', 'Number of RPC transmissions performed.'),
  refreshes: counter(
    'node_nfs_rpc_authentication_refreshes_total',
    'Number of RPC authentication refreshes performed.',
  ),
  requests: counter('node_nfs_requests_total', 'Number of NFS procedures invoked.', 'proto', 'method'),
}

const procedures = { proc2: version2, proc3: version3, proc4: version4Client }

/** What this machine does as a client of NFS servers. */
export function createNfs(source: Source): Collector<ReadonlyMap<string, readonly number[]>> {
  return {
    name: 'nfs',
    read: () => parseRpc(source.proc('net/rpc/nfs')),
    write(lines, out) {
      const [, udp, tcp, connections] = lines.get('net') ?? []
      out.set(metrics.packets, udp, 'udp')
      out.set(metrics.packets, tcp, 'tcp')
      out.set(metrics.connections, connections)
      const [calls, retransmissions, refreshes] = lines.get('rpc') ?? []
      out.set(metrics.rpcs, calls)
      out.set(metrics.retransmissions, retransmissions)
      out.set(metrics.refreshes, refreshes)
      for (const [key, names] of Object.entries(procedures)) {
        // The first number says how many follow.
        const counts = lines.get(key)?.slice(1) ?? []
        for (const [index, name] of names.entries()) out.set(metrics.requests, counts[index], key.slice(4), name)
      }
    },
  }
}
