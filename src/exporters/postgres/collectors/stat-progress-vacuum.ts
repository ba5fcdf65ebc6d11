import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections, Row } from '../connection.ts'
import { requireStatistics } from '../instance.ts'
import { label, num } from '../row.ts'

const vacuum = (name: string, help: string) => gauge(`pg_stat_progress_vacuum_${name}`, help, 'datname', 'relname')

export const metrics = {
  phase: gauge(
    'pg_stat_progress_vacuum_phase',
    "Current vacuum phase (1 = active, 0 = inactive). Label 'phase' is human-readable.",
    'datname',
    'relname',
    'phase',
  ),
}

/** In the order of the statement's columns after the phase. */
export const counts = {
  total: vacuum('heap_blks', 'Total number of heap blocks in the table being vacuumed.'),
  scanned: vacuum('heap_blks_scanned', 'Number of heap blocks scanned so far.'),
  vacuumed: vacuum('heap_blks_vacuumed', 'Number of heap blocks vacuumed so far.'),
  indexVacuums: vacuum('index_vacuums', 'Number of completed index vacuum cycles.'),
  maxDead: vacuum('max_dead_tuples', 'Maximum number of dead tuples that can be stored before cleanup is performed.'),
  dead: vacuum('num_dead_tuples', 'Current number of dead tuples found so far.'),
  maxDeadBytes: vacuum('max_dead_tuple_bytes', 'Memory for dead tuples before cleanup is performed (17 and later).'),
  deadBytes: vacuum('dead_tuple_bytes', 'Memory that the dead tuples found so far take (17 and later).'),
}

const phases = [
  'initializing',
  'scanning heap',
  'vacuuming indexes',
  'vacuuming heap',
  'cleaning up indexes',
  'truncating heap',
  'performing final cleanup',
]

// A table's name can only be read inside its own database; elsewhere its number stands for it.
const sql = (version: number): string => `select datname,
  case when datname = current_database() then relid::regclass::text else relid::text end, phase,
  heap_blks_total, heap_blks_scanned, heap_blks_vacuumed, index_vacuum_count,
  ${version >= 170_000 ? 'null, num_dead_item_ids, max_dead_tuple_bytes, dead_tuple_bytes' : 'max_dead_tuples, num_dead_tuples, null, null'}
from pg_stat_progress_vacuum`

/** Vacuums under way. */
export function createStatProgressVacuum(db: Connections): Collector<readonly Row[]> {
  return {
    name: 'stat_progress_vacuum',
    async read(signal) {
      const [rows] = await Promise.all([db.query(sql, signal), requireStatistics(db, signal)])
      return rows
    },
    write(rows, out) {
      for (const row of rows) {
        for (const phase of phases) {
          out.set(metrics.phase, row[2] === phase ? 1 : 0, label(row[0]), label(row[1]), phase)
        }
      }
      Object.values(counts).forEach((metric, i) => {
        for (const row of rows) out.set(metric, num(row[i + 3]), label(row[0]), label(row[1]))
      })
    },
  }
}
