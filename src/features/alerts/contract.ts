import { Type, type Static } from 'typebox'

/** Alerts now firing or pending, from Prometheus where there is one: `GET /api/alerts/firing`, topic `alerts`. */
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
      labels: Type.Record(Type.String(), Type.String()),
      /** ms since the epoch. */
      since: Type.Number(),
    }),
  ),
})

export type FiringAlerts = Static<typeof FiringAlerts>
