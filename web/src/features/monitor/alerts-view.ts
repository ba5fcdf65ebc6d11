import type { FiringAlerts } from '../../../../src/features/alerts/contract.ts'
import type { Level } from '../../ui/level.ts'

/** Of a badge. */
export type Tone = Level | 'info' | 'neutral'

type Alert = FiringAlerts['alerts'][number]

const rank: Readonly<Record<string, number>> = { critical: 0, page: 0, error: 1, warning: 2, info: 4, none: 5 }
const tones: Readonly<Record<string, Tone>> = {
  critical: 'critical',
  page: 'critical',
  error: 'critical',
  info: 'info',
}

/** How loud an alert is shown; a severity unknown here is a warning. */
export const toneOf = ({ severity, state }: Pick<Alert, 'severity' | 'state'>): Tone =>
  state === 'pending' ? 'neutral' : (tones[severity] ?? 'warning')

/** A heartbeat (severity none) fires on purpose, for whoever receives alerts: no news here. */
const isNews = ({ severity }: Alert): boolean => severity !== 'none'

/** Same alert, same key, whatever else changes. */
export const keyOf = ({ name, labels }: Pick<Alert, 'name' | 'labels'>): string =>
  `${name} ${JSON.stringify(Object.entries(labels).toSorted(([left], [right]) => left.localeCompare(right)))}`

/** Firing before pending, then by severity, then the oldest first. */
export const ordered = (alerts: readonly Alert[]): readonly Alert[] =>
  alerts
    .filter(isNews)
    .toSorted(
      (left, right) =>
        Number(left.state === 'pending') - Number(right.state === 'pending') ||
        (rank[left.severity] ?? 3) - (rank[right.severity] ?? 3) ||
        left.since - right.since ||
        left.name.localeCompare(right.name),
    )

/** One line over the list. */
export function alertsLine({ alerts: all, source, reason }: FiringAlerts): string {
  const alerts = all.filter(isNews)
  const firing = alerts.filter(({ state }) => state === 'firing').length
  const pending = alerts.length - firing
  if (source === undefined && alerts.length === 0) {
    return reason === undefined
      ? 'There is no Prometheus to ask for alerts.'
      : `Whether anything fires is not known: ${reason}.`
  }
  if (reason !== undefined) return `Alerts are as last known: ${reason}.`
  if (alerts.length === 0) return 'No alert is firing.'
  return `${firing} firing${pending > 0 ? `, ${pending} pending` : ''}.`
}

/** What tells this alert from others of its name. */
export const distinguishing = ({ labels }: Pick<Alert, 'labels'>): string =>
  Object.entries(labels)
    .filter(([label]) => !['alertname', 'severity', 'job'].includes(label))
    .map(([label, value]) => `${label} ${value}`)
    .join(' · ')
