import { databaseOf, type Fault } from './fault.ts'

/** A table that is never vacuumed. */
export const pgDeadRows: Fault = {
  about: 'a table is a third full of dead rows',
  alerts: ['PostgreSQLTableNotVacuumed'],
  panels: ['postgres: Dead rows', 'postgres: Scans of whole tables'],
  async start(stage) {
    const database = databaseOf(stage)
    const client = await database.connect('never vacuumed')
    try {
      await client.query(`drop table if exists never_vacuumed;
        create table never_vacuumed with (autovacuum_enabled = false) as select id from generate_series(1, 60000) as id`)
      await client.query('delete from never_vacuumed where id % 3 = 0')
    } finally {
      await client.end()
    }
    return async () => {
      const cleaner = await database.connect('never vacuumed')
      try {
        await cleaner.query('drop table never_vacuumed')
      } finally {
        await cleaner.end()
      }
    }
  },
}
