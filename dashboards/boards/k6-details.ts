import { figures } from '../../load/lib/figures.ts'
import { more, row, time, type Row } from '../lib/panel.ts'
import { query, rate, series } from '../lib/query.ts'
import { unit } from '../lib/unit.ts'

const idle = 'no load test runs'
const silent = 'no scenario with live connections runs'

const traffic = row('Traffic', [
  time({
    title: 'Requests by status',
    unit: unit.requests,
    min: 0,
    queries: [query('{{kind}} {{status}}', `sum by (kind, status) (${rate('k6_http_reqs_total')})`)],
    empty: idle,
    shows: 'Answers by what was asked for and how it went; status 0 is no answer.',
    normal: 'Nothing but 200.',
    act: '503: too much at once. 0: Aura is gone, or k6 has no ports left.',
  }),
  time({
    title: 'Slowest paths',
    many: true,
    unit: unit.seconds,
    min: 0,
    queries: [query('{{name}}', `topk(10, max by (name) (${series('k6_http_req_duration_p95')}))`)],
    empty: idle,
    shows: '95 of 100 requests took no longer, by path.',
    normal: `The API below ${figures.api.p95} ms, pages of metrics below ${figures.scrape.p95} ms.`,
    act: 'The trace of such a request shows where the time goes.',
  }),
  time({
    title: 'Frames of live connections',
    unit: unit.messages,
    min: 0,
    queries: [
      query('received', `sum by (load) (${rate('k6_ws_msgs_received_total')})`),
      query('sent', `sum by (load) (${rate('k6_ws_msgs_sent_total')})`),
    ],
    empty: silent,
    shows: 'Frames; one holds everything that left for a reader at once.',
    normal: 'Steady, and a peak of sent ones when everybody connects.',
    act: 'Received falls: Aura leaves readings out for slow readers, or publishes nothing.',
  }),
  time({
    title: 'Connections opened',
    unit: unit.perSecond,
    min: 0,
    queries: [query('{{load}}', `sum by (load) (${rate('k6_ws_sessions_total')})`)],
    empty: silent,
    shows: 'Live connections that k6 opens.',
    normal: 'At the beginning, and after each cut.',
    act: 'At other times: connections are lost; see Faults.',
  }),
])

const depths = more('Faults, bytes and k6 itself', [
  time({
    title: 'Faults',
    unit: unit.perSecond,
    min: 0,
    queries: [
      query('lost connections', `sum by (load) (${rate('k6_drops_total')})`),
      query('attempts that failed', `sum by (load) (${rate('k6_retries_total')})`),
      query('commands refused', `sum by (load) (${rate('k6_refusals_total')})`),
    ],
    empty: silent,
    shows: 'What went wrong with live connections.',
    normal: 'None; attempts that fail are tried again.',
    act: 'The log of Aura, board Realtime bridge.',
  }),
  time({
    title: 'Values skipped',
    unit: unit.messages,
    min: 0,
    queries: [query('{{load}}', `sum by (load) (${rate('k6_skipped_total')})`)],
    empty: silent,
    shows: 'Readings that newer ones took the place of before they could leave.',
    normal: 'None or few.',
    act: 'Many: k6 or Aura has too little processor time.',
  }),
  time({
    title: 'Bytes',
    unit: unit.bytesPerSecond,
    min: 0,
    queries: [
      query('received', `sum by (load) (${rate('k6_data_received_total')})`),
      query('sent', `sum by (load) (${rate('k6_data_sent_total')})`),
    ],
    empty: idle,
    shows: 'Traffic of k6 on the wire.',
    normal: 'Steady.',
    act: 'Near what the line can take: the figures are about the line.',
  }),
  time({
    title: 'Growth of memory',
    unit: unit.bytes,
    threshold: { bad: figures.growth },
    queries: [query('since the first minute', `max by (load) (${series('k6_growth')})`)],
    empty: 'only scenario soak looks at it',
    shows: 'Resident memory of Aura beyond what it had after the first minute.',
    normal: 'Up and down; no line that only climbs.',
    act: 'Climbing for hours: board HTTP and process, Heap; take a heap snapshot.',
  }),
  time({
    title: 'Rounds that were left out',
    unit: unit.perSecond,
    min: 0,
    queries: [
      query('done', `sum by (load) (${rate('k6_iterations_total')})`),
      query('left out', `sum by (load) (${rate('k6_dropped_iterations_total')})`),
    ],
    empty: idle,
    shows: 'Rounds of simulated users, and those k6 could not begin in time.',
    normal: 'None left out.',
    act: 'Answers take so long that all users wait.',
  }),
])

export const k6Details: readonly Row[] = [traffic, depths]
