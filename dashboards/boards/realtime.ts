import { limits } from '../limits.ts'
import type { Board } from '../lib/board.ts'
import { heat, row, stat, time } from '../lib/panel.ts'
import { quantile, query, rate, series } from '../lib/query.ts'
import { unit } from '../lib/unit.ts'

const { bridge } = limits
const latency = 'aura_bridge_delivery_latency_seconds'
const skipped = `sum by (instance) (${rate('aura_bridge_skipped_total')})`
const kept = `sum by (instance) (${rate('aura_bridge_delivered_total', 'class="state"')})`

const glance = row('At a glance', [
  stat({
    title: 'Connections',
    unit: unit.count,
    decimals: 0,
    w: 6,
    queries: [
      query(
        '{{instance}}',
        `sum by (instance) (${series('aura_bridge_connections')}) or sum by (instance) (0 * ${series('aura_build_info')})`,
      ),
    ],
    shows: 'Live connections open: pages of the console and other clients.',
    normal: 'One for each open page.',
    act: 'Suddenly none: is there a proxy that does not pass WebSocket on?',
  }),
  stat({
    title: 'Messages delivered',
    unit: unit.messages,
    w: 6,
    queries: [query('{{instance}}', `sum by (instance) (${rate('aura_bridge_delivered_total')})`)],
    shows: 'Messages handed to connections.',
    normal: 'A few for each connection.',
    act: '0 with connections open: nothing is published; the log of Aura.',
  }),
  stat({
    title: '99 of 100 delivered within',
    unit: unit.seconds,
    w: 6,
    threshold: { look: bridge.eventLoop / 2, bad: bridge.eventLoop },
    queries: [quantile('{{instance}}', 0.99, latency, 'instance')],
    empty: 'nobody is connected',
    shows: 'From the moment a value is published to the moment it leaves for a client.',
    normal: 'Below 10 ms.',
    act: 'Board HTTP and process, Event loop: something blocks it.',
  }),
  stat({
    title: 'Skipped for slow readers',
    unit: unit.share,
    w: 6,
    min: 0,
    max: 1,
    threshold: { look: bridge.skippedShare / 2, bad: bridge.skippedShare },
    queries: [query('{{instance}}', `${skipped} / (${skipped} + ${kept} > 0)`)],
    empty: 'nothing was delivered',
    shows: 'Values that a newer one replaced before a slow client took them.',
    normal: '0; more for clients on bad lines, which is what it is for.',
    act: 'Everybody: the machine or its line is too slow; see AuraBridgeSkipsMuch.',
  }),
])

const flow = row('Flow', [
  time({
    title: 'Connections by transport',
    unit: unit.count,
    min: 0,
    queries: [query('{{transport}}', `sum by (transport) (${series('aura_bridge_connections')})`)],
    empty: 'nobody is connected',
    shows: 'How clients are connected.',
    normal: 'Nearly all by WebSocket.',
    act: 'Many by other ways: a proxy breaks WebSocket; see the documentation on proxies.',
  }),
  time({
    title: 'Messages',
    unit: unit.messages,
    min: 0,
    queries: [
      query('{{class}} published', `sum by (class) (${rate('aura_bridge_published_total')})`),
      query('{{class}} delivered', `sum by (class) (${rate('aura_bridge_delivered_total')})`),
    ],
    shows: 'Messages that come in, and those that go out to all connections, by class.',
    normal: 'Published is steady; delivered follows the connections.',
    act: 'Published falls: a source hangs. Delivered falls alone: clients have gone.',
  }),
  time({
    title: 'Delivery time',
    unit: unit.seconds,
    min: 0,
    threshold: { bad: bridge.eventLoop },
    queries: [
      quantile('{{class}} half', 0.5, latency, 'class'),
      quantile('{{class}} 99 of 100', 0.99, latency, 'class'),
    ],
    empty: 'nobody is connected',
    shows: 'Time from publish to the transport, by class.',
    normal: 'Half below 1 ms, 99 of 100 below 10 ms.',
    act: 'Board HTTP and process, Event loop.',
  }),
  time({
    title: 'Values skipped',
    unit: unit.messages,
    min: 0,
    queries: [query('{{instance}}', skipped)],
    shows: 'Values replaced by newer ones because a client was slow.',
    normal: '0.',
    act: 'See AuraBridgeSkipsMuch in the runbook.',
  }),
  time({
    title: 'Connections closed, by code',
    unit: unit.perSecond,
    min: 0,
    queries: [query('{{code}}', `sum by (code) (${rate('aura_bridge_closes_total')})`)],
    empty: 'none was closed',
    shows: 'Why connections ended; 0 is a client that went away. 3008 and 3012 are readers that were too slow.',
    normal: 'Mostly 0 and 3000.',
    act: 'Codes of 3500 and above are clients that will not come back by themselves: look into the log of Aura.',
  }),
  heat({
    title: 'All delivery times',
    unit: unit.seconds,
    queries: [
      {
        expr: `sum by (le) (increase(${series(`${latency}_bucket`)}[$__rate_interval]))`,
        legend: '{{le}}',
        exemplar: true,
      },
    ],
    empty: 'nobody is connected',
    shows: 'How many messages took how long; one in sixteen is timed.',
    normal: 'A band below 1 ms.',
    act: 'A second band: something blocks the event loop now and then.',
  }),
])

/** The live connections between Aura and its clients. */
export const realtime: Board = {
  name: 'realtime',
  title: 'Realtime bridge',
  question: 'Do live values reach those who look at them, at once?',
  anchor: 'aura_build_info',
  components: ['aura'],
  started: 'process_start_time_seconds',
  version: ['aura_build_info', 'version'],
  rows: [glance, flow],
}
