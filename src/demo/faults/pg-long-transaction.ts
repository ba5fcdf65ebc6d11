import { databaseOf, type Fault } from './fault.ts'

/** A report that takes an hour, and a program that has gone for lunch in the middle of a transaction. */
export const pgLongTransaction: Fault = {
  about: 'one transaction runs without end, another one is idle in the middle',
  alerts: ['PostgreSQLLongTransaction', 'PostgreSQLIdleInTransaction'],
  panels: ['postgres: Oldest transaction', 'postgres: Sessions by state'],
  async start(stage) {
    const database = databaseOf(stage)
    const clients = [await database.connect('a long report'), await database.connect('gone for lunch')] as const
    const runs = clients[0].query('select pg_sleep(3900)').catch(() => undefined)
    await clients[1].query('begin; create table if not exists lunch (); select count(*) from lunch')
    return async () => {
      await database.release(clients)
      await runs
    }
  },
}
