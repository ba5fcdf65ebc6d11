import { counter, gauge, type Exposition } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { parseRpc, version2, version3, version4Operations } from '../nfs-procedures.ts'
import type { Source } from '../source.ts'

export const metrics = {
  hits: counter(
    'node_nfsd_reply_cache_hits_total',
    'Total number of NFSd Reply Cache hits (client lost server response).',
  ),
  misses: counter(
    'node_nfsd_reply_cache_misses_total',
    'Total number of NFSd Reply Cache an operation that requires caching (idempotent).',
  ),
  noCache: counter(
    'node_nfsd_reply_cache_nocache_total',
    'Total number of NFSd Reply Cache non-idempotent operations (rename/delete/…).',
  ),
  stale: counter('node_nfsd_file_handles_stale_total', 'Total number of NFSd stale file handles'),
  bytesRead: counter('node_nfsd_disk_bytes_read_total', 'Total NFSd bytes read.'),
  bytesWritten: counter('node_nfsd_disk_bytes_written_total', 'Total NFSd bytes written.'),
  threads: gauge('node_nfsd_server_threads', 'Total number of NFSd kernel threads that are running.'),
  readAheadSize: gauge('node_nfsd_read_ahead_cache_size_blocks', 'How large the read ahead cache is in blocks.'),
  readAheadMisses: counter(
    'node_nfsd_read_ahead_cache_not_found_total',
    'Total number of NFSd read ahead cache not found.',
  ),
  packets: counter('node_nfsd_packets_total', 'Total NFSd network packets (sent+received) by protocol type.', 'proto'),
  connections: counter('node_nfsd_connections_total', 'Total number of NFSd TCP connections.'),
  errors: counter('node_nfsd_rpc_errors_total', 'Total number of NFSd RPC errors by error type.', 'error'),
  rpcs: counter('node_nfsd_server_rpcs_total', 'Total number of NFSd RPCs.'),
  requests: counter(
    'node_nfsd_requests_total',
    'Total number NFSd Requests by method and protocol.',
    'proto',
    'method',
  ),
}

/** Lines of /proc/net/rpc/nfsd by key. */
type Lines = ReadonlyMap<string, readonly number[]>

function writeServer(lines: Lines, out: Exposition): void {
  const value = (key: string, index: number): number | undefined => lines.get(key)?.[index]
  out.set(metrics.hits, value('rc', 0))
  out.set(metrics.misses, value('rc', 1))
  out.set(metrics.noCache, value('rc', 2))
  out.set(metrics.stale, value('fh', 0))
  out.set(metrics.bytesRead, value('io', 0))
  out.set(metrics.bytesWritten, value('io', 1))
  out.set(metrics.threads, value('th', 0))
  out.set(metrics.readAheadSize, value('ra', 0))
  out.set(metrics.readAheadMisses, value('ra', 11))
  out.set(metrics.packets, value('net', 1), 'udp')
  out.set(metrics.packets, value('net', 2), 'tcp')
  out.set(metrics.connections, value('net', 3))
  out.set(metrics.rpcs, value('rpc', 0))
  out.set(metrics.errors, value('rpc', 2), 'fmt')
  out.set(metrics.errors, value('rpc', 3), 'auth')
  out.set(metrics.errors, value('rpc', 4), 'cInt')
}

/** Each line begins with how many numbers follow; version 4 counts operations, and 0 to 2 are not used. */
const procedures = [
  { key: 'proc2', version: '2', names: version2, skip: 1 },
  { key: 'proc3', version: '3', names: version3, skip: 1 },
  { key: 'proc4ops', version: '4', names: version4Operations, skip: 4 },
]

/** What this machine does as an NFS server. */
export function createNfsd(source: Source): Collector<Lines> {
  return {
    name: 'nfsd',
    read: () => parseRpc(source.proc('net/rpc/nfsd')),
    write(lines, out) {
      writeServer(lines, out)
      for (const { key, version, names, skip } of procedures) {
        const counts = lines.get(key)?.slice(skip) ?? []
        for (const [index, name] of names.entries()) {
          if (name !== 'Null' && name !== '-') out.set(metrics.requests, counts[index], version, name)
        }
      }
    },
  }
}
