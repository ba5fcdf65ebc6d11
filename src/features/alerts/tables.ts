import type { ColumnType, Generated } from 'kysely'

/** JSON of texts by name, written as text. */
type Texts = ColumnType<Record<string, string>, string, string>

/** An alert as Alertmanager delivered it, since one start. */
export interface DeliveredAlertTable {
  /** In the order of first delivery; pg hands out a bigint as text. */
  id: Generated<string>
  /** Of the labels, by Alertmanager. */
  fingerprint: string
  starts_at: Date
  /** Of one that is resolved. */
  ends_at: Date | null
  state: 'firing' | 'resolved'
  labels: Texts
  annotations: Texts
  generator_url: string
  first_delivered_at: Date
  last_delivered_at: Date
  /** When we first heard that it is over. */
  resolved_delivered_at: Date | null
}

export interface DeliveredAlertSchema {
  'aura.delivered_alert': DeliveredAlertTable
}
