/** What Aura has to reach under load; times in ms, sizes in bytes. The only place where these figures stand. */
export const figures = {
  /** Alerts and events, from publish to subscriber. */
  urgent: { half: 8.5, p99: 50 },
  /** Readings, of which only the newest counts. */
  state: { p99: 120 },
  /** From the request for a socket to the open socket. */
  connect: { p95: 500 },
  /** From the cut until everything is subscribed again, for the last one of all. */
  back: 5000,
  /** An API request, and one to `/healthz` or `/readyz`. */
  api: { half: 10, p95: 50 },
  health: { p99: 10 },
  /** A page of metrics; the longest is that of a source that fails. */
  scrape: { p95: 500, longest: 3000 },
  /** What the process may grow by after its first minute of steady work. */
  growth: 50 * 1024 * 1024,
} as const

export const scenarioNames = ['fan-out', 'rest', 'exporters', 'reconnect-storm', 'soak'] as const

export type ScenarioName = (typeof scenarioNames)[number]

export const isScenario = (name: string): name is ScenarioName => scenarioNames.some((known) => known === name)

/** Conditions by metric, as k6 takes them. */
type Thresholds = Readonly<Record<string, string[]>>

const { urgent, state, connect, back, api, health, scrape, growth } = figures

const urgentTime = [`p(50)<=${urgent.half}`, `p(99)<=${urgent.p99}`]
const delivered: Thresholds = {
  'delivery{class:alert}': urgentTime,
  'delivery{class:event}': urgentTime,
  'delivery{class:state}': [`p(99)<=${state.p99}`],
}
const handedOver = (kind: 'alert' | 'event'): Thresholds => ({
  [`inside_half{class:${kind}}`]: [`value<=${urgent.half}`],
  [`inside_p99{class:${kind}}`]: [`value<=${urgent.p99}`],
})
/** Nothing lost, nothing twice, nobody thrown out. */
const whole: Thresholds = { gaps: ['count==0'], duplicates: ['count==0'], drops: ['count==0'], refusals: ['count==0'] }
const answered: Thresholds = { checks: ['rate>0.999'] }

/** The conditions of each scenario. k6 ends with 99 when one does not hold. */
export const thresholds: Readonly<Record<ScenarioName, Thresholds>> = {
  'fan-out': {
    ...delivered,
    ...handedOver('alert'),
    ...handedOver('event'),
    ...whole,
    ...answered,
    ws_connecting: [`p(95)<${connect.p95}`],
  },
  rest: {
    ...answered,
    'http_req_duration{kind:api}': [`p(50)<=${api.half}`, `p(95)<=${api.p95}`],
    'http_req_duration{kind:health}': [`p(99)<=${health.p99}`],
  },
  exporters: {
    ...answered,
    'http_req_duration{kind:scrape}': [`p(95)<=${scrape.p95}`, `max<=${scrape.longest}`],
  },
  'reconnect-storm': { ...whole, ...answered, reconnect: [`max<=${back}`], recovered: ['rate==1'] },
  soak: {
    ...delivered,
    ...whole,
    ...answered,
    'http_req_duration{kind:api}': [`p(95)<=${api.p95}`],
    growth: [`value<=${growth}`],
    leftover: ['value==0'],
  },
}
