import { sql, type Transaction } from 'kysely'
import type { Schema } from '../../database/schema.ts'
import { type Act, violates } from './separation.ts'
import type { Policy, Separation } from './types.ts'

type Tx = Transaction<Schema>

/** All acts on an object. With them nobody else adds one until the transaction ends. */
export async function actsOn(tx: Tx, object: string): Promise<Act[]> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`aura.act ${object}`}, 0))`.execute(tx)
  return tx.selectFrom('aura.act').select(['actor', 'capability']).where('object', '=', object).orderBy('id').execute()
}

/**
 * Remembers an act, unless the same person has done another part already; then the separation that stands in the way
 * is returned, and nothing is remembered. To be called in the transaction of the act itself.
 */
export async function act(
  tx: Tx,
  { separations }: Pick<Policy, 'separations'>,
  object: string,
  done: Act,
): Promise<Separation | undefined> {
  const { actor, capability } = done
  const acts = [...(await actsOn(tx, object)), { actor, capability }]
  const broken = separations.find((each) => violates(each, acts))
  if (broken === undefined) await tx.insertInto('aura.act').values({ object, actor, capability }).execute()
  return broken
}

/** Forgets an object that is done with. */
export async function forgetActs(tx: Tx, object: string): Promise<void> {
  await tx.deleteFrom('aura.act').where('object', '=', object).execute()
}
