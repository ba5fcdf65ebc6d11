import type { Logger } from '../../../lib/logger.ts'
import type { KindName } from './columns.ts'
import { parseDiscovery, type Database, type Discovery } from './discovery.ts'
import { renamed, unreached, visited, type Held } from './held.ts'
import { budgetOf, candidatesPerDatabase, visitable, watchLength } from './plan.ts'
import { discoverySql } from './queries.ts'
import { costs } from './rows.ts'
import type { Server } from './server.ts'
import { assemble, emptyMemory, type Memory, type Snapshot } from './snapshot.ts'
import { visit, type Wanted } from './visit.ts'

export interface RoundOptions {
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  readonly maxDatabases: number
  readonly seriesBudget: number
  readonly olderNames: boolean
  /** Milliseconds, as all that follow. */
  readonly statementTimeout: number
  readonly interval: number
  /** How long values may be shown after they were read. */
  readonly maxAge: () => number
}

/** All that is known of the server's databases, brought up to date by rounds of visits, one database at a time. */
export interface Rounds {
  /**
   * Visits every database, or with `failedOnly` those whose last visit failed. Resolves with the time that successful
   * visits took, ms; rejects when the list of databases cannot be had.
   */
  run(failedOnly: boolean, signal: AbortSignal): Promise<number>
  /** The newest snapshot; what has become too old since is left out. */
  snapshot(): Snapshot | undefined
  /** Databases whose last visit failed and may be tried again now. */
  failing(): boolean
}

/** Connecting may take this long on top of the statements. */
const greeting = 2000

/** After so many databases in a row without a connection, it is the server that does not answer: the rest can wait. */
const patience = 3

export function createRounds(server: Server, options: RoundOptions, log: Logger): Rounds {
  let held = new Map<string, Held>()
  let skipped: Discovery['skipped'] | undefined
  let memory: Memory = emptyMemory()
  let latest: Snapshot | undefined

  async function discover(signal: AbortSignal): Promise<void> {
    const found = await discovery(server, options, signal)
    skipped = found.skipped
    const known = held
    held = new Map()
    for (const database of found.databases) held.set(database.oid, renamed(known.get(database.oid), database))
  }

  async function call(one: Held, stop: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(options.statementTimeout + greeting)])
    const wanted = wantedOf(one.database, memory, held.size, options)
    const next = await callOn(server, one, wanted, signal, options)
    stop.throwIfAborted()
    if (next === undefined) held.delete(one.database.oid)
    else held.set(one.database.oid, next)
    if (next !== undefined) report(one, next, log)
  }

  function publish(advance: boolean): void {
    if (skipped === undefined) return
    const { seriesBudget, olderNames } = options
    const how = { seriesBudget, olderNames, maxAge: options.maxAge(), advance }
    const result = assemble([...held.values()], skipped, memory, Date.now(), how)
    memory = result.memory
    latest = result.snapshot
  }

  return {
    async run(failedOnly, signal) {
      if (!failedOnly) await discover(signal)
      let unanswered = 0
      let busy = 0
      for (const one of held.values()) {
        if (Date.now() < one.retryAt || (failedOnly && one.failure === undefined)) continue
        const start = performance.now()
        await call(one, signal)
        if (held.get(one.database.oid)?.failure === undefined) busy += performance.now() - start
        unanswered = (held.get(one.database.oid)?.unreachable ?? 0) > one.unreachable ? unanswered + 1 : 0
        if (unanswered === patience) break
      }
      publish(!failedOnly)
      return busy
    },
    snapshot() {
      if (latest !== undefined && latest.expires < Date.now()) publish(false)
      return latest
    },
    failing: () => [...held.values()].some(({ failure, retryAt }) => failure !== undefined && retryAt <= Date.now()),
  }
}

function discovery(server: Server, options: RoundOptions, stop: AbortSignal): Promise<Discovery> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(options.statementTimeout)])
  return server.query(discoverySql, signal).then((rows) =>
    parseDiscovery(rows, {
      include: options.include,
      exclude: options.exclude,
      visitable: (databases) => visitable(options.seriesBudget, databases, options.maxDatabases),
    }),
  )
}

/** One visit. `undefined` when the database has been dropped meanwhile. */
async function callOn(
  server: Server,
  held: Held,
  wanted: Wanted,
  signal: AbortSignal,
  { statementTimeout, interval }: RoundOptions,
): Promise<Held | undefined> {
  try {
    const session = await server.connect(held.database.name, signal)
    try {
      const limit = session.query(`SET statement_timeout = ${statementTimeout}`, signal)
      const [result] = await Promise.all([visit(session, wanted, 2 * watchLength, signal), limit])
      return visited(held, result, Date.now())
    } finally {
      await session.close()
    }
  } catch (error) {
    if ((error as { code?: unknown }).code === '3D000') return undefined
    return unreached(held, error as Error, Date.now(), interval)
  }
}

function wantedOf({ oid }: Database, memory: Memory, databases: number, options: RoundOptions): Wanted {
  const budget = budgetOf(options.seriesBudget, databases)
  const limit = (kind: KindName): number =>
    candidatesPerDatabase(costs(kind, options.olderNames).cost, budget, databases)
  return {
    limit: { tables: limit('tables'), indexes: limit('indexes'), functions: limit('functions') },
    kept: (list) => keptIn(memory, list, oid),
  }
}

function keptIn(memory: Memory, list: keyof Memory['kinds'] | keyof Memory['watch'], oid: string): number[] {
  const choice = list in memory.kinds ? memory.kinds[list as 'tables'].choice : memory.watch[list as 'ages']
  const prefix = `${oid}/`
  return [...choice.shown].filter((key) => key.startsWith(prefix)).map((key) => Number(key.slice(prefix.length)))
}

/** One line when a database begins to fail, one when it works again. */
function report(before: Held, after: Held, log: Logger): void {
  const datname = after.database.name
  if (after.failure !== undefined && before.failure === undefined) {
    log.warn({ datname, err: after.failure }, 'database cannot be read in full')
  } else if (after.failure === undefined && before.failure !== undefined) {
    log.info({ datname }, 'database can be read again')
  }
}
