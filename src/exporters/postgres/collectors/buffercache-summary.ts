import { UnavailableError } from '../../../errors.ts'
import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections, Row } from '../connection.ts'
import { findExtension } from '../extension.ts'
import { num } from '../row.ts'

const buffers = (name: string, help: string) => gauge(`pg_buffercache_summary_${name}`, help)

/** In the order of the function's columns. */
export const metrics = {
  used: buffers('buffers_used', 'Number of used shared buffers'),
  unused: buffers('buffers_unused', 'Number of unused shared buffers'),
  dirty: buffers('buffers_dirty', 'Number of dirty shared buffers'),
  pinned: buffers('buffers_pinned', 'Number of pinned shared buffers'),
  usage: buffers('usagecount_avg', 'Average usage count of used shared buffers'),
}

/** Looks at every shared buffer, so it is only built when the configuration asks for it. */
export function createBuffercacheSummary(db: Connections): Collector<Row | undefined> {
  return {
    name: 'buffercache_summary',
    async read(signal) {
      const { version } = await db.main(signal)
      if (version < 160_000) throw new UnavailableError('pg_buffercache_summary() exists since PostgreSQL 16')
      const { schema } = await findExtension(db, 'pg_buffercache', signal)
      const rows = await db.query(
        `select buffers_used, buffers_unused, buffers_dirty, buffers_pinned, usagecount_avg from ${schema}.pg_buffercache_summary()`,
        signal,
      )
      return rows[0]
    },
    write(row, out) {
      Object.values(metrics).forEach((metric, i) => out.set(metric, num(row?.[i])))
    },
  }
}
