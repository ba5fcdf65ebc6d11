import type { Client } from 'pg'
import { databaseOf, type Fault } from './fault.ts'

/** Above where the alert begins, and with room for Aura and for a person who comes to look. */
const share = 0.86

const open = `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as usable,
  (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used`

/** A pool without a limit. Never takes the last connections. */
export const pgConnections: Fault = {
  about: 'idle sessions take 86 % of the connections',
  alerts: ['PostgreSQLHighConnections'],
  panels: ['postgres: Connections used', 'postgres: Sessions by state', 'overview: DB connections'],
  async start(stage) {
    const database = databaseOf(stage)
    const clients: Client[] = []
    try {
      clients.push(await database.connect('a leaking pool'))
      const { rows } = await (clients[0] as Client).query<{ usable: number; used: number }>(open)
      const missing = Math.ceil((rows[0]?.usable ?? 0) * share) - (rows[0]?.used ?? 0)
      for (let left = missing; left > 0; left--) clients.push(await database.connect('a leaking pool'))
    } catch (error) {
      await database.release(clients)
      throw error
    }
    return () => database.release(clients)
  },
}
