import type { AlertDelivery } from '../../../src/features/alerts/contract.ts'

type Alert = AlertDelivery['alerts'][number]

/** An alert as Alertmanager writes it. */
export const alertWith = (other: Partial<Alert> = {}): Alert => ({
  status: 'firing',
  labels: { alertname: 'Full', severity: 'critical', instance: 'here' },
  annotations: { summary: 'Full of it' },
  startsAt: '2026-11-20T09:00:00.123456789Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus/graph',
  fingerprint: 'a1',
  ...other,
})

/** A delivery of these alerts, with all that Alertmanager sends along. */
export function delivery(...alerts: Alert[]): AlertDelivery {
  const more = { receiver: 'page', groupLabels: {}, commonLabels: {}, externalURL: 'http://here', truncatedAlerts: 0 }
  const status = alerts.some((alert) => alert.status === 'firing') ? 'firing' : 'resolved'
  return { version: '4', status, groupKey: '{}:{alertname="Full"}', alerts, ...more }
}
