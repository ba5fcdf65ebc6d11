import { sql } from 'kysely'
import type { AuraMigration } from './index.ts'

/** Alerts that Alertmanager delivered: one row for each time that an alert began to fire. */
export const deliveredAlerts: AuraMigration = {
  name: '0008-delivered-alerts',
  async up(db) {
    await sql`create table aura.delivered_alert (
      id bigint generated always as identity primary key,
      fingerprint text not null,
      starts_at timestamptz not null,
      ends_at timestamptz,
      state text not null check (state in ('firing', 'resolved')),
      labels jsonb not null,
      annotations jsonb not null,
      generator_url text not null,
      first_delivered_at timestamptz not null,
      last_delivered_at timestamptz not null,
      resolved_delivered_at timestamptz,
      unique (fingerprint, starts_at),
      check ((state = 'resolved') = (resolved_delivered_at is not null))
    )`.execute(db)
    await sql`create index delivered_alert_firing on aura.delivered_alert (id) where state = 'firing'`.execute(db)
    await sql`create index delivered_alert_last on aura.delivered_alert (last_delivered_at)`.execute(db)
  },
}
