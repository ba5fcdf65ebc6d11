import { deadlock } from '../stage/sessions.ts'
import { repeatedly } from '../traffic/crowd.ts'
import { databaseOf, type Fault } from './fault.ts'

/** Two programs that take the same rows in opposite order, again and again. */
export const pgDeadlocks: Fault = {
  about: 'two sessions run into deadlocks, one every few seconds',
  alerts: ['PostgreSQLHighDeadLocks'],
  panels: ['postgres: Deadlocks and conflicts', 'postgres: Ended transactions'],
  async start(stage) {
    const database = databaseOf(stage)
    const [one, other] = [await database.connect('deadlocks'), await database.connect('deadlocks')] as const
    await one.query(`create table if not exists deadlocked as select id, 0 as n from generate_series(1, 2) as id`)
    const stop = repeatedly(2000, () => deadlock(one, other, 'deadlocked', 'n'))
    return async () => {
      await database.release([one, other])
      await stop()
    }
  },
}
