import { Counter, Gauge, Rate, Trend } from 'k6/metrics'

/** From publish to the script, ms, by class of the topic; both read the same clock only on one machine. */
export const delivery = new Trend('delivery', true)
/** From publish to the socket, ms, by class: by Aura's own histogram, half and 99 of 100. */
export const insideHalf = new Gauge('inside_half', true)
export const insideP99 = new Gauge('inside_p99', true)
/** From the cut to the last subscription, ms. */
export const reconnect = new Trend('reconnect', true)
/** Whether what was missed came after a cut. */
export const recovered = new Rate('recovered')
/** Messages missing, and messages that came twice, in topics that may lose none. */
export const gaps = new Counter('gaps')
export const duplicates = new Counter('duplicates')
/** Values that newer ones took the place of: no fault. */
export const skipped = new Counter('skipped')
/** Connections that the server or the network ended. */
export const drops = new Counter('drops')
/** Attempts to connect that failed; another follows. */
export const retries = new Counter('retries')
/** Commands that were refused. */
export const refusals = new Counter('refusals')
/** Resident memory of Aura, bytes, and what it grew by since the first minute. */
export const memory = new Gauge('memory')
export const growth = new Gauge('growth')
/** Connections that Aura still counts after the last was closed. */
export const leftover = new Gauge('leftover')

/** Says that there was no fault just now: k6 sends what was counted, and a Prometheus must see the first fault too. */
export function noFault(): void {
  for (const counter of [gaps, duplicates, skipped, drops, retries, refusals]) counter.add(0)
}
