import { Type, type Static } from 'typebox'
import { duration } from '../../lib/schema.ts'

export const alertsConfig = Type.Object(
  {
    interval: duration('10s', 'Time between two looks at Prometheus while somebody watches.'),
    rest: duration('30s', 'Time between two looks while nobody does.'),
  },
  { default: {}, description: 'Alerts of Prometheus.' },
)

export type AlertsConfig = Static<typeof alertsConfig>
