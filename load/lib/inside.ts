import http from 'k6/http'
import { bucketsOf, quantile, since, type Buckets } from './histogram.ts'
import { insideHalf, insideP99 } from './measures.ts'
import { metricsUrl } from './settings.ts'

// k6 shares the processors with Aura here and reads late what came early. Aura itself knows when it handed a message over.

const name = 'aura_bridge_delivery_latency_seconds'
const kinds = ['alert', 'event'] as const

type Look = Readonly<Record<(typeof kinds)[number], Buckets>>

/** What Aura has counted so far: k6's `setup`. */
export function lookInside(): Look {
  const { body } = http.get(`${metricsUrl}/metrics`)
  const page = typeof body === 'string' ? body : ''
  return { alert: bucketsOf(page, name, 'alert'), event: bucketsOf(page, name, 'event') }
}

/** Notes what came since: k6's `teardown`. */
export function noteInside(before: Look): void {
  const now = lookInside()
  for (const kind of kinds) {
    const between = since(before[kind], now[kind])
    const [half, most] = [quantile(0.5, between), quantile(0.99, between)]
    if (half !== undefined) insideHalf.add(half * 1000, { class: kind })
    if (most !== undefined) insideP99.add(most * 1000, { class: kind })
  }
}
