import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { readActivity, type Process } from '../activity.ts'
import type { Connections } from '../connection.ts'

export const metrics = {
  blocked: gauge(
    'pg_blocking_blocked_sessions',
    'Sessions that wait for a lock another session holds or is ahead for.',
  ),
  roots: gauge('pg_blocking_root_sessions', 'Sessions that block others and are not blocked themselves.'),
  depth: gauge('pg_blocking_chain_depth', 'Sessions in the longest chain of who waits for whom, the root not counted.'),
  oldest: gauge('pg_blocking_oldest_wait_seconds', 'Longest present wait for a lock, in seconds.'),
  wait: gauge(
    'pg_blocking_wait_seconds',
    'How long one session has waited for a lock of another; the longest waits only.',
    'datname',
    'blocked_pid',
    'blocked_user',
    'blocked_application',
    'blocking_pid',
    'blocking_user',
    'blocking_application',
    'blocking_state',
    'root_pid',
  ),
  hidden: gauge('pg_blocking_pairs_hidden', 'Pairs of blocked and blocking session beyond those published one by one.'),
}

export interface Blocking {
  readonly blocked: number
  readonly roots: number
  readonly depth: number
  readonly oldest: number
  readonly pairs: readonly Pair[]
  readonly hidden: number
}

interface Pair {
  readonly blocked: Process
  /** Absent for a prepared transaction, which has no process. */
  readonly blocking: Process | undefined
  readonly blockingPid: string
  readonly root: string
}

/** Root and length of the chain above a process; a cycle (a deadlock not broken yet) ends where it closes. */
function climb(pid: string, processes: ReadonlyMap<string, Process>): { root: string; depth: number } {
  const seen = new Set<string>()
  let at = pid
  for (;;) {
    seen.add(at)
    const next = processes.get(at)?.blockedBy[0]
    if (next === undefined || seen.has(next)) return { root: at, depth: seen.size - 1 }
    at = next
  }
}

/** Who blocks whom, from the sessions' own lists of blockers; at most `limit` pairs, longest wait first. */
export function chainsOf(activity: readonly Process[], limit: number): Blocking {
  const processes = new Map(activity.map((process) => [process.pid, process]))
  const blocked = activity
    .filter((process) => process.blockedBy.length > 0)
    .toSorted((a, b) => (b.lockWait ?? 0) - (a.lockWait ?? 0) || Number(a.pid) - Number(b.pid))
  const roots = new Set<string>()
  let depth = 0
  const pairs: Pair[] = []
  for (const process of blocked) {
    const climbed = climb(process.pid, processes)
    roots.add(climbed.root)
    depth = Math.max(depth, climbed.depth)
    for (const blockingPid of process.blockedBy) {
      pairs.push({ blocked: process, blocking: processes.get(blockingPid), blockingPid, root: climbed.root })
    }
  }
  return {
    blocked: blocked.length,
    roots: roots.size,
    depth,
    oldest: blocked[0]?.lockWait ?? 0,
    pairs: pairs.slice(0, limit),
    hidden: Math.max(0, pairs.length - limit),
  }
}

export function createBlocking(db: Connections, limit: number): Collector<Blocking> {
  return {
    name: 'blocking',
    read: async (signal) => chainsOf(await readActivity(db, signal), limit),
    write(reading, out) {
      out.set(metrics.blocked, reading.blocked)
      out.set(metrics.roots, reading.roots)
      out.set(metrics.depth, reading.depth)
      out.set(metrics.oldest, reading.oldest)
      out.set(metrics.hidden, reading.hidden)
      for (const { blocked, blocking, blockingPid, root } of reading.pairs) {
        const them = [blockingPid, blocking?.user ?? '', blocking?.application ?? '', blocking?.state ?? '']
        const us = [blocked.database, blocked.pid, blocked.user, blocked.application]
        out.set(metrics.wait, blocked.lockWait, ...us, ...them, root)
      }
    },
  }
}
