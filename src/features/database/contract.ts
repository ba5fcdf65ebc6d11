import { Type, type Static } from 'typebox'

const Num = Type.Number()
const Opt = Type.Optional(Type.Number())

/** What the Monitor page shows of PostgreSQL: `GET /api/database/health`, topic `database` (keys as here). */
export const DatabaseHealth = Type.Object({
  state: Type.Object({
    up: Type.Boolean(),
    /** ms since the epoch at which it came up, or went away, as seen from here. */
    since: Num,
    /** Why it is down: one line, no secrets. */
    reason: Type.Optional(Type.String()),
    version: Type.Optional(Type.String()),
    embedded: Type.Boolean(),
    uptime: Opt,
  }),
  connections: Type.Object({ max: Opt, used: Num, byState: Type.Record(Type.String(), Num) }),
  /** Per second since the previous reading; ratio 0..1. */
  activity: Type.Object({
    commits: Opt,
    rollbacks: Opt,
    cacheHit: Opt,
    tuplesRead: Opt,
    tuplesWritten: Opt,
    deadlocks: Opt,
  }),
  databases: Type.Array(Type.Object({ name: Type.String(), bytes: Opt, connections: Opt, xidAge: Opt })),
  locks: Type.Object({
    waiting: Num,
    byMode: Type.Record(Type.String(), Num),
    /** Who waits for whom. */
    chains: Type.Array(
      Type.Object({
        blocked: Num,
        blocking: Num,
        database: Type.String(),
        seconds: Opt,
        user: Type.Optional(Type.String()),
      }),
    ),
  }),
  longTransactions: Type.Array(Type.Object({ database: Type.String(), state: Type.String(), seconds: Num })),
  statements: Type.Array(
    Type.Object({
      id: Type.String(),
      database: Type.String(),
      user: Type.String(),
      calls: Num,
      seconds: Num,
      rows: Num,
      /** Without its constants; only where the exporter is told to read texts. */
      text: Type.Optional(Type.String()),
    }),
  ),
  replication: Type.Object({
    isReplica: Type.Boolean(),
    lagSeconds: Opt,
    replicas: Num,
    slots: Num,
    inactiveSlots: Num,
  }),
  tables: Type.Array(
    Type.Object({
      database: Type.String(),
      schema: Type.String(),
      name: Type.String(),
      bytes: Opt,
      live: Opt,
      dead: Opt,
    }),
  ),
  failing: Type.Record(Type.String(), Type.String()),
})

export type DatabaseHealth = Static<typeof DatabaseHealth>
