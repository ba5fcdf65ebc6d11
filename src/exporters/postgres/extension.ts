import { UnavailableError } from '../../errors.ts'
import type { Connections } from './connection.ts'

export interface Extension {
  /** Quoted, ready to stand before a function's name. */
  readonly schema: string
  /** `1.10` as [1, 10]. */
  readonly version: readonly [number, number]
}

/** Where an extension lives in the database that we are connected to; `UnavailableError` if it is not there. */
export async function findExtension(db: Connections, name: string, signal: AbortSignal): Promise<Extension> {
  const sql = `select quote_ident(n.nspname), e.extversion from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    where e.extname = '${name}'`
  const [rows, session] = await Promise.all([db.query(sql, signal), db.main(signal)])
  const [schema, version = ''] = rows[0] ?? []
  if (schema === undefined || schema === null) {
    throw new UnavailableError(`extension ${name} is not installed in database "${session.database}"`)
  }
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number)
  return { schema, version: [major, minor] }
}
