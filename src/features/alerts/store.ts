import { sql, type RawBuilder, type Selectable } from 'kysely'
import type { Db } from '../../database/schema.ts'
import type { DeliveredAlert, DeliveredAlertPage, DeliveredAlertQuery } from './contract.ts'
import type { Delivered } from './delivery.ts'
import type { DeliveredAlertTable } from './tables.ts'

const hour = 3_600_000
/** Of what was not delivered again for so long nothing is kept, ms. */
const keep = 90 * 24 * hour
/** Alertmanager repeats what fires every few hours; what it has not repeated for so long is not known to fire, ms. */
const believed = 24 * hour
/** Of those that fire, at most so many are shown in place of Prometheus. */
const mostShown = 500
const usual = 50

/** An alert in the words of Prometheus' API. */
export interface FiringNow {
  readonly state: 'firing'
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly activeAt: string
}

/** What Alertmanager delivered, in PostgreSQL. */
export interface DeliveredAlerts {
  /** Keeps alerts, each start of each once however often it comes; resolves when they are committed. */
  keep(alerts: readonly Delivered[]): Promise<void>
  page(asked: DeliveredAlertQuery): Promise<DeliveredAlertPage>
  /** Those that still fire as far as we were told within a day. */
  firing(): Promise<readonly FiringNow[]>
}

/**
 * Whether a `firing` comes late: within 15 minutes of the `resolved` of the same start it is an older delivery that was
 * tried again. Later it is news: Alertmanager had given up an alert that Prometheus could not repeat to it for a while.
 */
const late = sql`delivered_alert.state = 'resolved' and excluded.state = 'firing'
  and excluded.last_delivered_at < delivered_alert.resolved_delivered_at + interval '15 minutes'`

const unlessLate = <T>(column: string): RawBuilder<T> =>
  sql<T>`case when ${late} then ${sql.ref(`delivered_alert.${column}`)} else ${sql.ref(`excluded.${column}`)} end`

const rowOf = (alert: Delivered, now: Date) => ({
  fingerprint: alert.fingerprint,
  starts_at: alert.startsAt,
  ends_at: alert.endsAt ?? null,
  state: alert.state,
  labels: JSON.stringify(alert.labels),
  annotations: JSON.stringify(alert.annotations),
  generator_url: alert.generatorUrl,
  first_delivered_at: now,
  last_delivered_at: now,
  resolved_delivered_at: alert.state === 'resolved' ? now : null,
})

const upsert = (db: Db, alerts: readonly Delivered[], now: Date) =>
  db
    .insertInto('aura.delivered_alert')
    .values(alerts.map((alert) => rowOf(alert, now)))
    .onConflict((on) =>
      on.columns(['fingerprint', 'starts_at']).doUpdateSet({
        state: unlessLate('state'),
        ends_at: unlessLate('ends_at'),
        annotations: unlessLate('annotations'),
        generator_url: unlessLate('generator_url'),
        last_delivered_at: sql<Date>`greatest(delivered_alert.last_delivered_at, excluded.last_delivered_at)`,
        resolved_delivered_at: sql<Date | null>`case when ${late} or excluded.state = 'resolved'
          then coalesce(delivered_alert.resolved_delivered_at, excluded.resolved_delivered_at) end`,
      }),
    )
    .execute()

const viewOf = (row: Selectable<DeliveredAlertTable>): DeliveredAlert => ({
  id: row.id,
  fingerprint: row.fingerprint,
  state: row.state,
  labels: row.labels,
  annotations: row.annotations,
  generatorUrl: row.generator_url,
  startsAt: row.starts_at.getTime(),
  ...(row.ends_at !== null && { endsAt: row.ends_at.getTime() }),
  firstDeliveredAt: row.first_delivered_at.getTime(),
  lastDeliveredAt: row.last_delivered_at.getTime(),
})

async function pageOf(db: Db, { state = 'all', limit = usual, before }: DeliveredAlertQuery) {
  let query = db.selectFrom('aura.delivered_alert').selectAll().orderBy('id', 'desc')
  if (state !== 'all') query = query.where('state', '=', state)
  if (before !== undefined) query = query.where('id', '<', before)
  const found = await query.limit(limit + 1).execute()
  const alerts = found.slice(0, limit).map(viewOf)
  const last = alerts.at(-1)
  return { alerts, ...(found.length > limit && last !== undefined && { next: last.id }) }
}

async function firingOf(db: Db, since: Date): Promise<FiringNow[]> {
  const rows = await db
    .selectFrom('aura.delivered_alert')
    .select(['labels', 'annotations', 'starts_at'])
    .where('state', '=', 'firing')
    .where('last_delivered_at', '>', since)
    .orderBy('id', 'desc')
    .limit(mostShown)
    .execute()
  return rows.map(({ labels, annotations, starts_at: at }) => ({
    state: 'firing',
    // The only label that an alert can be without, and still be shown.
    labels: { alertname: 'an alert without a name', ...labels },
    annotations,
    activeAt: at.toISOString(),
  }))
}

/** `now`: wall clock, ms. Old rows leave when others come, once an hour at most. */
export function createDeliveredAlerts(db: Db, now: () => number): DeliveredAlerts {
  let sweptAt = Number.NEGATIVE_INFINITY
  async function sweep(at: number): Promise<void> {
    if (Math.abs(at - sweptAt) < hour) return
    await db
      .deleteFrom('aura.delivered_alert')
      .where('last_delivered_at', '<', new Date(at - keep))
      .execute()
    sweptAt = at
  }
  return {
    async keep(alerts) {
      const at = now()
      if (alerts.length > 0) await upsert(db, alerts, new Date(at))
      await sweep(at)
    },
    page: (asked) => pageOf(db, asked),
    firing: () => firingOf(db, new Date(now() - believed)),
  }
}
