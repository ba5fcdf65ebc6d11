import { figures } from '../../load/lib/figures.ts'
import type { Board } from '../lib/board.ts'
import { row, stat, time } from '../lib/panel.ts'
import { query, rate, series } from '../lib/query.ts'
import { unit } from '../lib/unit.ts'
import { k6Details } from './k6-details.ts'

/** k6 sends seconds. */
const seconds = (ms: number): number => ms / 1000
const idle = 'no load test runs'
const { api, state, urgent } = figures

const glance = row('At a glance', [
  stat({
    title: 'Users of k6',
    unit: unit.count,
    decimals: 0,
    queries: [query('{{load}}', `sum by (load) (${series('k6_vus')})`)],
    empty: idle,
    shows: 'Simulated users at work; one of them holds up to fifty live connections.',
    normal: 'As many as the scenario says, all the time.',
    act: 'Fewer: k6 itself is short of processor time or memory, and its figures say little.',
  }),
  stat({
    title: 'Requests',
    unit: unit.requests,
    queries: [query('{{load}}', `sum by (load) (${rate('k6_http_reqs_total')})`)],
    empty: idle,
    shows: 'Requests that k6 makes.',
    normal: 'Steady.',
    act: 'Falling: Aura answers more slowly; see Duration of requests.',
  }),
  stat({
    title: 'Requests that fail',
    unit: unit.share,
    min: 0,
    max: 1,
    threshold: { bad: 0.001 },
    queries: [query('{{load}}', `max by (load) (${series('k6_http_req_failed_rate')})`)],
    empty: idle,
    shows: 'Largest share of requests of one kind that got no good answer, since the run began.',
    normal: '0.',
    act: 'Requests by status below, then the log of Aura.',
  }),
  stat({
    title: 'Checks that hold',
    unit: unit.share,
    min: 0,
    max: 1,
    threshold: { bad: 0.999, below: true },
    queries: [query('{{load}}', `min by (load) (${series('k6_checks_rate')})`)],
    empty: idle,
    shows: 'Smallest share of one check: answers that are whole and as they should be.',
    normal: '100 %.',
    act: 'The report of k6 names the check.',
  }),
  stat({
    title: 'Messages',
    unit: unit.messages,
    queries: [query('{{load}}', `sum by (load) (${rate('k6_ws_msgs_received_total')})`)],
    empty: 'no scenario with live connections runs',
    shows: 'Frames that live connections get.',
    normal: 'Steady.',
    act: 'Falling while connections stay: readers lag; see Values skipped.',
  }),
  stat({
    title: 'Lost or twice',
    unit: unit.count,
    decimals: 0,
    threshold: { bad: 1 },
    queries: [
      query('{{load}} lost', `sum by (load) (increase(${series('k6_gaps_total')}[$__range]))`),
      query('{{load}} twice', `sum by (load) (increase(${series('k6_duplicates_total')}[$__range]))`),
    ],
    empty: 'no scenario with live connections runs',
    shows: 'Messages of topics that may lose none which a reader lacks, or got twice.',
    normal: 'None.',
    act: 'A defect of the bridge: keep the report of k6 and the log of Aura.',
  }),
])

const times = row('Times', [
  time({
    title: 'Delivery of alerts and events',
    unit: unit.seconds,
    min: 0,
    threshold: { look: seconds(urgent.half), bad: seconds(urgent.p99) },
    queries: [
      query('{{class}} half', `max by (class) (${series('k6_delivery_med', 'class!="state"')})`),
      query('{{class}} 99 of 100', `max by (class) (${series('k6_delivery_p99', 'class!="state"')})`),
    ],
    empty: 'no scenario with live connections runs',
    shows: 'From publish to the reader, over the whole run so far.',
    normal: `Half within ${urgent.half} ms, 99 of 100 within ${urgent.p99} ms, with both sides on processors of their own.`,
    act: 'Board Realtime bridge: is it the bridge, or k6 that is busy?',
  }),
  time({
    title: 'Delivery of readings',
    unit: unit.seconds,
    min: 0,
    threshold: { bad: seconds(state.p99) },
    queries: [
      query('half', `max by (load) (${series('k6_delivery_med', 'class="state"')})`),
      query('99 of 100', `max by (load) (${series('k6_delivery_p99', 'class="state"')})`),
    ],
    empty: 'no scenario with live connections runs',
    shows: 'The same for readings, which wait up to 100 ms for others so that they leave together.',
    normal: `99 of 100 within ${state.p99} ms.`,
    act: 'Board Realtime bridge.',
  }),
  time({
    title: 'Duration of requests',
    unit: unit.seconds,
    min: 0,
    threshold: { bad: seconds(api.p95) },
    queries: [
      query('{{kind}} half', `max by (kind) (${series('k6_http_req_duration_med')})`),
      query('{{kind}} 95 of 100', `max by (kind) (${series('k6_http_req_duration_p95')})`),
    ],
    empty: idle,
    shows: 'Slowest path of each kind, over the whole run so far.',
    normal: `The API: half within ${api.half} ms, 95 of 100 within ${api.p95} ms. Pages of metrics take longer.`,
    act: 'Slowest paths below, board HTTP and process.',
  }),
  time({
    title: 'Back after a cut',
    unit: unit.seconds,
    min: 0,
    threshold: { bad: seconds(figures.back) },
    queries: [
      query('half', `max by (load) (${series('k6_reconnect_med')})`),
      query('the last one', `max by (load) (${series('k6_reconnect_max')})`),
    ],
    empty: 'nothing was cut',
    shows: 'From the cut until everything is subscribed again.',
    normal: `The last one within ${seconds(figures.back)} s.`,
    act: 'Board Realtime bridge, Connections closed; handshakes are let in 500 a second.',
  }),
])

/** What the load test sees, while it runs and sends its figures to Prometheus. */
export const k6Board: Board = {
  name: 'load',
  title: 'Load test',
  question: 'Does it hold under load what it promises?',
  anchor: 'k6_vus',
  sharesInstances: false,
  components: ['aura'],
  rows: [glance, times, ...k6Details],
}
