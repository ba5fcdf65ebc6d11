import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Connections, Row } from '../connection.ts'
import { label, num } from '../row.ts'

export const metrics = {
  limit: gauge('pg_roles_connection_limit', 'Connection limit set for the role', 'rolname'),
}

// The predefined pg_* roles cannot log in; leaving them out halves the series of a small server.
const sql = `select rolname, rolconnlimit from pg_roles where rolcanlogin or rolconnlimit >= 0`

/** Connection limits of roles; -1 means no limit. */
export function createRoles(db: Connections): Collector<readonly Row[]> {
  return {
    name: 'roles',
    read: (signal) => db.query(sql, signal),
    write(rows, out) {
      for (const [role, limit] of rows) out.set(metrics.limit, num(limit), label(role))
    },
  }
}
