/**
 * Panels that may stay without data though nothing is broken, and why: what they show does not exist on every machine,
 * or only after a fault. By board and title; the live test fails when one of a board does not exist.
 */
export const maySayNothing: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  host: {
    'Swap used': 'machines and containers without swap',
    Temperatures: 'virtual machines have no sensors',
    'Services that fail or restart': 'no systemd, or nothing failed',
    'Files by file system': 'file systems without a limit of files',
    'Clock offset': 'adjtimex may be forbidden in a container',
    'Clock kept in step': 'adjtimex may be forbidden in a container',
    'Waiting for resources': 'kernels without PSI',
    'Faulty packets': 'a line without a packet for a minute has no ratio',
    'Connection tracking': 'kernels without connection tracking',
    'Disk latency': 'nothing may be read or written for a minute',
    'Disk busy': 'containers without block devices',
    'Disk queue': 'containers without block devices',
    'Disk throughput': 'containers without block devices',
  },
  gpu: { 'Energy per hour of work': 'a card that was idle for a minute did no work' },
  postgres: {
    'Dead rows': 'a young database has no table of a thousand rows',
    'Replication lag': 'the server is no replica',
    'Cache hits by database': 'a database nobody reads has no ratio',
  },
  overview: { 'Firing alerts': 'nothing fires' },
  prometheus: {
    'Notifications that fail': 'the receiver that is shipped sends nothing, and so has no ratio',
    'Size on disk': 'the first block is written after two hours',
    'Collectors without success': 'a machine that has everything',
  },
}
