import { setTimeout as sleep } from 'node:timers/promises'
import type { Connections, Row } from './connection.ts'
import { num } from './row.ts'

/**
 * The server finds a database's size by walking its folder: half a millisecond for an empty one, and it adds up. The last
 * column is how long the statement has run when it comes to the row.
 */
const sql = `select oid, pg_database_size(oid), extract(epoch from clock_timestamp() - statement_timestamp())::float8
  from pg_database`

export interface Sizes {
  /** Bytes by database oid; unknown for one that vanished while it was measured. */
  readonly bytes: ReadonlyMap<string, number | undefined>
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Milliseconds that the server took. */
  readonly cost: number
}

export interface SizesOptions {
  /** Milliseconds; sizes that take longer are read beside the scrapes. */
  readonly budget: number
  /** Milliseconds between two such readings. */
  readonly interval: number
}

export function parseSizes(rows: readonly Row[], at: number): Sizes {
  const cost = Math.max(0, ...rows.map((row) => 1000 * (num(row[2]) ?? 0)))
  return { bytes: new Map(rows.map(([oid, bytes]) => [oid ?? '', num(bytes)])), at, cost }
}

/** Longest background reading, in milliseconds: far beyond any scrape, yet no connection is held for ever. */
const patience = 30_000

/**
 * Sizes of all databases: read with the scrape while that is cheap, otherwise in the background on the second
 * connection, when a scrape finds them older than the interval. A failed background reading is not papered over: the
 * next scrape reads for itself.
 */
export function createSizes(
  db: Connections,
  { budget, interval }: SizesOptions,
): { read(signal: AbortSignal): Promise<Sizes>; stop(): Promise<void> } {
  let kept: Sizes | undefined
  let refresh: { readonly done: Promise<void>; readonly abort: AbortController } | undefined

  async function measure(abort: AbortController): Promise<void> {
    const late = sleep(patience, undefined, { signal: abort.signal, ref: false })
    late.then(
      () => abort.abort(new Error(`sizes of databases took longer than ${patience} ms`)),
      () => undefined,
    )
    try {
      const main = await db.main(abort.signal)
      const session = await db.connect(main.database, abort.signal)
      try {
        await session.query(`set statement_timeout = ${patience}`, abort.signal)
        kept = parseSizes(await session.query(sql, abort.signal), Date.now())
      } finally {
        await session.close()
      }
    } catch {
      // Said by the next scrape, which tries again and reports what it meets.
      kept = undefined
    } finally {
      abort.abort()
      refresh = undefined
    }
  }

  return {
    async read(signal) {
      const cheap = kept === undefined || kept.cost <= budget
      if (cheap) return (kept = parseSizes(await db.query(sql, signal), Date.now()))
      if (refresh === undefined && Date.now() - (kept?.at ?? 0) >= interval) {
        const abort = new AbortController()
        refresh = { done: measure(abort), abort }
      }
      return kept as Sizes
    },
    async stop() {
      refresh?.abort.abort(new Error('the exporter is stopping'))
      await refresh?.done
    },
  }
}
