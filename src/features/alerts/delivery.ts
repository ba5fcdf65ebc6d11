import { InvalidRequestError } from '../../errors.ts'
import type { AlertDelivery } from './contract.ts'

/** An alert of a delivery, as it is kept. */
export interface Delivered {
  readonly fingerprint: string
  readonly state: 'firing' | 'resolved'
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly generatorUrl: string
  readonly startsAt: Date
  /** Of one that is resolved. */
  readonly endsAt: Date | undefined
}

/** Characters that are kept of a name, and of an annotation or URL. */
const longestName = 200
const longestText = 4096

/** What PostgreSQL can keep: no NUL, no half of a pair. An odd character must not cost the alert. */
const clean = (text: string, longest: number): string =>
  text.slice(0, longest).replaceAll('\0', '\uFFFD').toWellFormed()

const cleaned = (texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [clean(name, longestName), clean(text, longestText)]))

function momentOf(text: string, what: string): Date {
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) throw new InvalidRequestError(`${what} is no time`)
  return at
}

function alertOf(alert: AlertDelivery['alerts'][number], i: number): Delivered {
  const { status: state, fingerprint, labels, annotations, generatorURL } = alert
  const endsAt = momentOf(alert.endsAt, `alerts/${i}/endsAt`)
  return {
    fingerprint,
    state,
    labels: cleaned(labels),
    annotations: cleaned(annotations),
    generatorUrl: clean(generatorURL, longestText),
    startsAt: momentOf(alert.startsAt, `alerts/${i}/startsAt`),
    endsAt: state === 'resolved' ? endsAt : undefined,
  }
}

/**
 * The alerts of a delivery, each start of each alert once: of two the one that is over, else the later one. Always in
 * the same order, so that two deliveries at once do not wait for each other's rows.
 */
export function deliveredOf({ alerts }: AlertDelivery): readonly Delivered[] {
  const found = new Map<string, Delivered>()
  for (const alert of alerts.map(alertOf)) {
    const key = `${alert.fingerprint} ${alert.startsAt.toISOString()}`
    if (alert.state === 'resolved' || found.get(key)?.state !== 'resolved') found.set(key, alert)
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, alert]) => alert)
}
