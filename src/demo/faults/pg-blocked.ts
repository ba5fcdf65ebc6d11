import { databaseOf, type Fault } from './fault.ts'

/** One who has forgotten to commit, one who waits, and one who waits for that one. */
export const pgBlocked: Fault = {
  about: 'sessions wait for a lock behind a transaction that nobody ends',
  alerts: ['PostgreSQLBlockedSessions'],
  panels: ['postgres: Waiting sessions', 'postgres: Locks', 'postgres: Sessions by state'],
  async start(stage) {
    const database = databaseOf(stage)
    const clients = [
      await database.connect('holds a lock'),
      await database.connect('waits'),
      await database.connect('waits behind'),
    ] as const
    const [holder, first, second] = clients
    await holder.query(`create table if not exists blocked as select id, 0 as n from generate_series(1, 2) as id`)
    await holder.query('begin; update blocked set n = n + 1 where id = 1')
    await first.query('begin; update blocked set n = n + 1 where id = 2')
    const waits = [
      first.query('update blocked set n = n + 1 where id = 1'),
      second.query('update blocked set n = n + 1 where id = 2'),
    ].map((wait) => wait.catch(() => undefined))
    return async () => {
      await database.release(clients)
      await Promise.all(waits)
    }
  },
}
