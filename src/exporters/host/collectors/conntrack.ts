import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'

export const metrics = {
  entries: gauge('node_nf_conntrack_entries', 'Number of currently allocated flow entries for connection tracking.'),
  limit: gauge('node_nf_conntrack_entries_limit', 'Maximum size of connection tracking table.'),
  found: gauge('node_nf_conntrack_stat_found', 'Number of searched entries which were successful.'),
  invalid: gauge('node_nf_conntrack_stat_invalid', 'Number of packets seen which can not be tracked.'),
  ignore: gauge(
    'node_nf_conntrack_stat_ignore',
    'Number of packets seen which are already connected to a conntrack entry.',
  ),
  insert: gauge('node_nf_conntrack_stat_insert', 'Number of entries inserted into the list.'),
  insert_failed: gauge(
    'node_nf_conntrack_stat_insert_failed',
    'Number of entries for which list insertion was attempted but failed.',
  ),
  drop: gauge('node_nf_conntrack_stat_drop', 'Number of packets dropped due to conntrack failure.'),
  early_drop: gauge(
    'node_nf_conntrack_stat_early_drop',
    'Number of dropped conntrack entries to make room for new ones, if maximum table size was reached.',
  ),
  search_restart: gauge(
    'node_nf_conntrack_stat_search_restart',
    'Number of conntrack table lookups which had to be restarted due to hashtable resizes.',
  ),
}

const columns = [
  'found',
  'invalid',
  'ignore',
  'insert',
  'insert_failed',
  'drop',
  'early_drop',
  'search_restart',
] as const

export type ConntrackTotals = { [K in (typeof columns)[number]]?: number }

/** Connection tracking table: fill and limit, and events summed over CPUs. */
export interface Conntrack {
  readonly entries: number
  readonly limit: number
  readonly totals: ConntrackTotals
}

/** Sums the CPUs of /proc/net/stat/nf_conntrack: a line of column names, then a line of hex numbers per CPU. */
export function parseConntrackStat(text: string): ConntrackTotals {
  const [head = '', ...rows] = text.trimEnd().split('\n')
  const names = head.trim().split(/\s+/)
  const totals: ConntrackTotals = {}
  for (const row of rows) {
    const cells = row.trim().split(/\s+/)
    for (const column of columns) {
      const cell = cells[names.indexOf(column)]
      if (cell !== undefined) totals[column] = (totals[column] ?? 0) + Number.parseInt(cell, 16)
    }
  }
  return totals
}

export function createConntrack(source: Source): Collector<Conntrack> {
  return {
    name: 'conntrack',
    read: () => ({
      entries: Number(source.proc('sys/net/netfilter/nf_conntrack_count')),
      limit: Number(source.proc('sys/net/netfilter/nf_conntrack_max')),
      totals: parseConntrackStat(source.proc('net/stat/nf_conntrack')),
    }),
    write({ entries, limit, totals }, out) {
      out.set(metrics.entries, entries)
      out.set(metrics.limit, limit)
      for (const column of columns) out.set(metrics[column], totals[column])
    },
  }
}
