import { reasonOf } from '../lib/failing.ts'
import type { Prometheus } from '../lib/prometheus.ts'
import type { FiringAlerts } from './contract.ts'
import type { DeliveredAlerts } from './store.ts'

type Alert = FiringAlerts['alerts'][number]

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const texts = (value: unknown): Record<string, string> =>
  isRecord(value)
    ? Object.fromEntries(Object.entries(value).filter((one): one is [string, string] => typeof one[1] === 'string'))
    : {}

/** How much an alert matters; words that are not known lie between warning and info. */
const ranks: Readonly<Record<string, number>> = { critical: 0, page: 0, warning: 1, info: 3, none: 4 }
const rank = ({ state, severity }: Alert): number => (state === 'firing' ? 0 : 10) + (ranks[severity] ?? 2)

function alertOf(value: unknown): Alert | undefined {
  if (!isRecord(value)) return undefined
  const { alertname: name, severity = 'none', ...labels } = texts(value['labels'])
  const { state } = value
  if (name === undefined || (state !== 'firing' && state !== 'pending')) return undefined
  const { summary, description, message } = texts(value['annotations'])
  const since = Date.parse(String(value['activeAt']))
  return {
    name,
    state,
    severity,
    summary: summary ?? description ?? message ?? '',
    labels,
    since: Number.isNaN(since) ? 0 : since,
  }
}

/** The `data` of `/api/v1/alerts` -> alerts: firing before pending, the gravest and then the youngest first. */
export function parseAlerts(data: unknown): Alert[] {
  const alerts = isRecord(data) ? data['alerts'] : undefined
  if (!Array.isArray(alerts)) throw new Error('Prometheus sent no list of alerts')
  return alerts
    .map(alertOf)
    .filter((alert) => alert !== undefined)
    .toSorted((a, b) => rank(a) - rank(b) || b.since - a.since || (a.name < b.name ? -1 : 1))
}

/** What Alertmanager told of as firing; nothing where that is not known either. */
async function deliveredNow(delivered: Pick<DeliveredAlerts, 'firing'> | undefined): Promise<Alert[]> {
  try {
    return parseAlerts({ alerts: (await delivered?.firing()) ?? [] })
  } catch {
    return []
  }
}

/** Alerts now; while Prometheus cannot be asked, why, and those that Alertmanager delivered. */
export async function readAlerts(
  prometheus: Prometheus,
  delivered?: Pick<DeliveredAlerts, 'firing'>,
): Promise<FiringAlerts> {
  const { source } = prometheus
  const from = source === undefined ? {} : { source }
  try {
    return { ...from, alerts: parseAlerts(await prometheus.get('/api/v1/alerts')) }
  } catch (error) {
    const alerts = await deliveredNow(delivered)
    return { ...(alerts.length > 0 ? { source: 'Alertmanager' } : from), reason: reasonOf(error), alerts }
  }
}
