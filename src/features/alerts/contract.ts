import { Type, type Static } from 'typebox'

const Texts = Type.Record(Type.String(), Type.String())
const DeliveryState = Type.Enum(['firing', 'resolved'])

/**
 * Alerts now firing or pending, from Prometheus where there is one: `GET /api/alerts/firing`, topic `alerts`. While it
 * cannot be asked, `reason` says why, and the alerts are those that Alertmanager delivered (source `Alertmanager`).
 */
export const FiringAlerts = Type.Object({
  /** Where they come from; absent while there is no Prometheus to ask. */
  source: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
  alerts: Type.Array(
    Type.Object({
      name: Type.String(),
      state: Type.Enum(['pending', 'firing']),
      severity: Type.String(),
      summary: Type.String(),
      labels: Texts,
      /** ms since the epoch. */
      since: Type.Number(),
    }),
  ),
})

/** RFC 3339, with a zone. */
const Moment = Type.String({ format: 'date-time', maxLength: 40 })

/**
 * `POST /api/alerts/webhook`: what Alertmanager sends (payload version 4), as far as Aura reads it; other fields are
 * passed over. Long annotations are cut when they are kept.
 */
export const AlertDelivery = Type.Object({
  version: Type.Literal('4'),
  status: DeliveryState,
  groupKey: Type.String(),
  alerts: Type.Array(
    Type.Object({
      status: DeliveryState,
      labels: Type.Record(Type.String(), Type.String({ maxLength: 4096 }), { maxProperties: 100 }),
      annotations: Type.Record(Type.String(), Type.String(), { maxProperties: 100 }),
      startsAt: Moment,
      /** The year 1 while it fires. */
      endsAt: Moment,
      generatorURL: Type.String(),
      fingerprint: Type.String({ pattern: '^[0-9a-f]{1,64}$' }),
    }),
    { maxItems: 1000 },
  ),
})

/** The answer: how many were kept, the same alert twice counted once. */
export const AlertsKept = Type.Object({ kept: Type.Integer() })

/** `GET /api/alerts/delivered?state=&limit=&before=`: what Alertmanager delivered, the newest first. */
export const DeliveredAlertQuery = Type.Object({
  /** `all` by default. */
  state: Type.Optional(Type.Enum(['firing', 'resolved', 'all'])),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  /** `next` of the page before. */
  before: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}$' })),
})

/** An alert since one start. Times are ms since the epoch. */
export const DeliveredAlert = Type.Object({
  id: Type.String(),
  fingerprint: Type.String(),
  state: DeliveryState,
  labels: Texts,
  annotations: Texts,
  generatorUrl: Type.String(),
  startsAt: Type.Number(),
  /** Of one that is resolved. */
  endsAt: Type.Optional(Type.Number()),
  firstDeliveredAt: Type.Number(),
  lastDeliveredAt: Type.Number(),
})

/** `next`: goes into `before`; absent on the last page. */
export const DeliveredAlertPage = Type.Object({
  alerts: Type.Array(DeliveredAlert),
  next: Type.Optional(Type.String()),
})

export type FiringAlerts = Static<typeof FiringAlerts>
export type AlertDelivery = Static<typeof AlertDelivery>
export type DeliveredAlertQuery = Static<typeof DeliveredAlertQuery>
export type DeliveredAlert = Static<typeof DeliveredAlert>
export type DeliveredAlertPage = Static<typeof DeliveredAlertPage>
