import type { Connections } from './connection.ts'

export interface Database {
  readonly oid: string
  readonly name: string
  readonly connectionLimit: number
  /** Transactions since the oldest unfrozen transaction id; multixacts likewise. */
  readonly xidAge: number
  readonly mxidAge: number
}

const sql = `select oid, datname, datconnlimit, age(datfrozenxid), mxid_age(datminmxid) from pg_database order by oid`

/** All databases of the server, templates included: one statement per scrape, shared by the collectors that need names. */
export async function readDatabases(db: Connections, signal: AbortSignal): Promise<readonly Database[]> {
  const rows = await db.query(sql, signal)
  return rows.map(([oid, name, limit, xid, mxid]) => ({
    oid: oid ?? '',
    name: name ?? '',
    connectionLimit: Number(limit),
    xidAge: Number(xid),
    mxidAge: Number(mxid),
  }))
}
