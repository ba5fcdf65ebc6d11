import { sql, type Selectable, type Transaction } from 'kysely'
import type { Db, Schema } from '../../database/schema.ts'
import type { SecurityAlertTable } from './tables.ts'
import type { Finding, RuleName, SecurityAlert, Severity } from './types.ts'

type Tx = Transaction<Schema>

/** Rows of the log that an alert names; of more, the newest. */
const longestList = 100

const alertOf = (row: Selectable<SecurityAlertTable>): SecurityAlert => ({
  id: row.id,
  rule: row.rule as RuleName,
  severity: row.severity as Severity,
  summary: row.summary,
  actor: row.actor ?? undefined,
  address: row.address ?? undefined,
  count: Number(row.count),
  seqs: row.seqs.map(Number),
  firstAt: row.first_at.getTime(),
  lastAt: row.last_at.getTime(),
  acknowledgedBy: row.acknowledged_by ?? undefined,
  acknowledgedAt: row.acknowledged_at?.getTime(),
  comment: row.comment ?? undefined,
})

/** Puts a finding into the open alert of its rule and key, or a new one. */
export async function raise(
  tx: Tx,
  finding: Finding,
): Promise<{ readonly alert: SecurityAlert; readonly isNew: boolean }> {
  const { rule, key, severity, summary, actor = null, address = null, at, count } = finding
  const seqs = finding.seqs.slice(-longestList).map(String)
  const row = await tx
    .insertInto('aura.security_alert')
    .values({
      rule,
      key,
      severity,
      summary,
      actor,
      address,
      count,
      seqs,
      first_at: new Date(at),
      last_at: new Date(at),
    })
    .onConflict((on) =>
      on
        .columns(['rule', 'key'])
        .where('acknowledged_at', 'is', null)
        .doUpdateSet({
          summary,
          address,
          count: sql<number>`security_alert.count + excluded.count`,
          seqs: sql<
            string[]
          >`(security_alert.seqs || excluded.seqs)[greatest(1, cardinality(security_alert.seqs || excluded.seqs) - ${sql.lit(longestList - 1)}):]`,
          last_at: sql<Date>`greatest(security_alert.last_at, excluded.last_at)`,
        }),
    )
    .returningAll()
    .returning(sql<boolean>`xmax = 0`.as('is_new'))
    .executeTakeFirstOrThrow()
  return { alert: alertOf(row), isNew: row.is_new }
}

export interface AlertQuery {
  readonly open?: boolean | undefined
  /** Older than this one. */
  readonly before?: string | undefined
  readonly limit: number
}

/** Newest first. */
export async function listAlerts(db: Db, { open, before, limit }: AlertQuery): Promise<SecurityAlert[]> {
  let query = db.selectFrom('aura.security_alert').selectAll().orderBy('id', 'desc').limit(limit)
  if (open !== undefined) query = query.where('acknowledged_at', open ? 'is' : 'is not', null)
  if (before !== undefined) query = query.where('id', '<', before)
  return (await query.execute()).map(alertOf)
}

/** The alert as acknowledged; undefined if there is none, or somebody was faster. */
export async function markAcknowledged(
  tx: Tx,
  id: string,
  { by, at, comment }: { readonly by: string; readonly at: number; readonly comment: string | undefined },
): Promise<SecurityAlert | undefined> {
  const row = await tx
    .updateTable('aura.security_alert')
    .set({ acknowledged_by: by, acknowledged_at: new Date(at), comment: comment ?? null })
    .where('id', '=', id)
    .where('acknowledged_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
  return row && alertOf(row)
}

export async function openBySeverity(db: Db): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('aura.security_alert')
    .select((eb) => ['rule', 'severity', eb.fn.countAll<string>().as('n')])
    .where('acknowledged_at', 'is', null)
    .groupBy(['rule', 'severity'])
    .execute()
  return new Map(rows.map(({ rule, severity, n }) => [`${rule} ${severity}`, Number(n)]))
}

/** Acknowledged alerts, and devices that nobody used any more, are deleted after this long, ms. */
const keep = 400 * 86_400_000

export async function sweepAlerts(db: Db, now: number): Promise<void> {
  const past = new Date(now - keep)
  await db.deleteFrom('aura.security_alert').where('acknowledged_at', '<', past).execute()
  await db.deleteFrom('aura.known_device').where('last_seen_at', '<', past).execute()
}
