/** One measurement: `t0` and `t3` by our clock, `t1` and `t2` by the server's, all ms since the epoch. */
export interface Exchange {
  readonly t0: number
  readonly t1: number
  readonly t2: number
  readonly t3: number
}

export interface RoundTrip {
  /** Of the last exchange, ms. */
  readonly rtt: number
  /** The server's clock less ours, ms: that of the quickest of the last exchanges, which queues disturbed least. */
  readonly clockOffset: number
}

const kept = 8

/** Offset and delay as in NTP (RFC 5905, section 8), minimum-filtered. */
export function createRoundTrip(): (exchange: Exchange) => RoundTrip {
  const last: RoundTrip[] = []
  return ({ t0, t1, t2, t3 }) => {
    const rtt = Math.max(0, t3 - t0 - (t2 - t1))
    last.push({ rtt, clockOffset: (t1 - t0 + (t2 - t3)) / 2 })
    if (last.length > kept) last.shift()
    const best = last.reduce((left, right) => (right.rtt < left.rtt ? right : left))
    return { rtt, clockOffset: Math.round(best.clockOffset) }
  }
}

/** Reads the reply of the `rt` call. */
export function readExchange(t0: number, reply: unknown, t3: number): Exchange | undefined {
  if (typeof reply !== 'object' || reply === null) return undefined
  const { t1, t2 } = reply as { t1?: unknown; t2?: unknown }
  return typeof t1 === 'number' && typeof t2 === 'number' ? { t0, t1, t2, t3 } : undefined
}
