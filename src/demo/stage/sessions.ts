import type { Client } from 'pg'

/** Two sessions each want the row that the other has, rows 1 and 2 by `id`; the server breaks one off after a second. */
export async function deadlock(one: Client, other: Client, table: string, column: string): Promise<void> {
  const take = (client: Client, row: number) =>
    client.query(`update ${table} set ${column} = ${column} + 1 where id = $1`, [row])
  for (const [client, row] of [
    [one, 1],
    [other, 2],
  ] as const) {
    await client.query('begin')
    await take(client, row)
  }
  await Promise.allSettled([take(one, 2), take(other, 1)])
  for (const client of [one, other]) await client.query('rollback')
}
