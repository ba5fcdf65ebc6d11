import { limits } from '../limits.ts'
import type { Board } from '../lib/board.ts'
import { heat, more, row, stat, time } from '../lib/panel.ts'
import { quantile, query, rate, series } from '../lib/query.ts'
import { unit } from '../lib/unit.ts'

const { http, process: own, bridge } = limits
const human = 'http_route!~"/metrics.*"'
const duration = 'http_server_request_duration_seconds'
const share = { unit: unit.share, min: 0, max: 1 } as const
const sum = (by: string, matchers: string): string => `sum by (${by}) (${rate(`${duration}_count`, matchers)})`
const errors = `${human}, http_response_status_code=~"5.."`
/** Of Aura's own process: others that are scraped have these metrics too, and it has them at each of its paths. */
const ofAura = (metric: string): string =>
  `max by (instance) (${series(metric)} and on (job, instance) ${series('aura_build_info')})`

const glance = row('At a glance', [
  stat({
    title: 'Requests',
    unit: unit.requests,
    queries: [query('{{instance}}', sum('instance', human))],
    empty: 'none',
    shows: 'Requests to the console and the API, scrapes left out.',
    normal: 'Follows the people.',
    act: 'Suddenly none: is the console reachable?',
  }),
  stat({
    title: 'Failed',
    ...share,
    threshold: { bad: http.errors },
    queries: [
      query(
        '{{instance}}',
        `(${sum('instance', errors)} or 0 * ${sum('instance', human)}) / (${sum('instance', human)} > 0)`,
      ),
    ],
    empty: 'no requests',
    shows: 'Share answered with a status of 500 and above.',
    normal: '0.',
    act: 'Answers by status below; the log of Aura, level error.',
  }),
  stat({
    title: '95 of 100 within',
    unit: unit.seconds,
    threshold: { look: http.slow / 2, bad: http.slow },
    queries: [quantile('{{instance}}', 0.95, duration, 'instance', human)],
    empty: 'no requests',
    shows: 'Time until a request was answered.',
    normal: 'Below 100 ms.',
    act: 'Duration by route names the slow ones.',
  }),
  stat({
    title: 'Event loop held up',
    unit: unit.seconds,
    threshold: { look: bridge.eventLoop / 2, bad: bridge.eventLoop },
    queries: [query('{{instance}}', series('nodejs_eventloop_lag_p99_seconds'))],
    shows: 'How long Aura does nothing else but one thing, at worst in 99 of 100 moments.',
    normal: 'Below 50 ms.',
    act: 'See AuraEventLoopBlocked in the runbook.',
  }),
  stat({
    title: 'Memory',
    unit: unit.bytes,
    threshold: { bad: own.memory },
    queries: [query('{{instance}}', ofAura('process_resident_memory_bytes'))],
    shows: 'Memory of the process.',
    normal: '150 to 300 MB.',
    act: 'Growing all the time: restart it and report the graph.',
  }),
  stat({
    title: 'Up since',
    unit: unit.duration,
    queries: [query('{{instance}}', `time() - ${ofAura('process_start_time_seconds')}`)],
    shows: 'Time since Aura was started.',
    normal: 'Since the last upgrade.',
    act: 'Shorter than expected: the log before the restart.',
  }),
])

const requests = row('Requests', [
  time({
    title: 'Answers by status',
    unit: unit.requests,
    min: 0,
    queries: [query('{{http_response_status_code}}', sum('http_response_status_code', human))],
    empty: 'no requests',
    shows: 'Requests by the status of their answer.',
    normal: '200, 304; 401 and 403 now and then.',
    act: '5xx: the log. Many 401 from one place: somebody guesses passwords.',
  }),
  time({
    title: 'Duration',
    unit: unit.seconds,
    min: 0,
    threshold: { look: http.slow },
    queries: [0.5, 0.95, 0.99].map((q) => quantile(`${q * 100} of 100`, q, duration, 'job', human)),
    empty: 'no requests',
    shows: 'Time to the answer: so many of a hundred are quicker. Dots are single requests with their traces.',
    normal: '50 of 100 below 10 ms, 95 below 100 ms.',
    act: 'Click a dot and open its trace; Duration by route.',
  }),
  time({
    title: 'Requests by route',
    unit: unit.requests,
    min: 0,
    queries: [
      query('{{http_request_method}} {{http_route}}', `topk(10, ${sum('http_request_method, http_route', human)})`),
    ],
    empty: 'no requests',
    shows: 'The ten routes with most requests.',
    normal: 'Those of the pages that are open.',
    act: 'One far ahead of others: a script that polls too fast.',
  }),
  time({
    title: 'Duration by route',
    unit: unit.seconds,
    min: 0,
    threshold: { look: http.slow },
    queries: [
      {
        expr: `topk(10, histogram_quantile(0.95, sum by (http_route, le) (${rate(`${duration}_bucket`, human)})))`,
        legend: '{{http_route}}',
        exemplar: true,
      },
    ],
    empty: 'no requests',
    shows: 'Time that 95 of 100 requests keep, of the ten slowest routes.',
    normal: 'Below 100 ms; reads of long histories take longer.',
    act: 'Open a trace of that route: database, Prometheus or Ollama is the longest part.',
  }),
  heat({
    title: 'All durations',
    unit: unit.seconds,
    w: 24,
    queries: [
      {
        expr: `sum by (le) (increase(${duration}_bucket{job=~"$job", instance=~"$instance", ${human}}[$__rate_interval]))`,
        legend: '{{le}}',
        exemplar: true,
      },
    ],
    empty: 'no requests',
    shows: 'How many requests took how long. Two bands mean two kinds of requests.',
    normal: 'A band below 10 ms.',
    act: 'A band that rises: something all requests need is slower.',
  }),
])

const process = row('Process', [
  time({
    title: 'Processor time',
    unit: unit.share,
    min: 0,
    queries: [
      query('{{instance}} user', rate('process_cpu_user_seconds_total')),
      query('{{instance}} system', rate('process_cpu_system_seconds_total')),
    ],
    shows: 'Share of one processor that Aura takes.',
    normal: 'Below 5 %, more with many live connections.',
    act: 'Near 100 %: the event loop is the bottleneck; board Realtime bridge.',
  }),
  time({
    title: 'Memory by kind',
    unit: unit.bytes,
    min: 0,
    threshold: { bad: own.memory },
    queries: [
      query('{{instance}} resident', ofAura('process_resident_memory_bytes')),
      query('{{instance}} heap in use', series('nodejs_heap_size_used_bytes')),
      query('{{instance}} external', series('nodejs_external_memory_bytes')),
    ],
    shows: 'Memory of the process, of JavaScript objects, and of buffers outside of them.',
    normal: 'Saw teeth of the heap; resident steady.',
    act: 'Heap that only grows: a leak; report it with this graph.',
  }),
])

const details = more('Process in detail', [
  time({
    title: 'Event loop',
    unit: unit.seconds,
    min: 0,
    threshold: { bad: bridge.eventLoop },
    queries: [
      query('{{instance}} half', series('nodejs_eventloop_lag_p50_seconds')),
      query('{{instance}} 99 of 100', series('nodejs_eventloop_lag_p99_seconds')),
      query('{{instance}} worst', series('nodejs_eventloop_lag_max_seconds')),
    ],
    shows: 'How late timers are: what everybody waits while one thing is computed.',
    normal: 'Half about 10 ms (how it is measured), worst below 100 ms.',
    act: 'See AuraEventLoopBlocked in the runbook.',
  }),
  time({
    title: 'Garbage collection',
    unit: unit.share,
    min: 0,
    queries: [query('{{instance}} {{kind}}', rate('nodejs_gc_duration_seconds_sum'))],
    shows: 'Share of the time spent collecting garbage.',
    normal: 'Below 2 %.',
    act: 'Much major: too little memory for what is kept.',
  }),
  time({
    title: 'Open files and connections',
    ...share,
    threshold: { bad: own.files },
    queries: [query('{{instance}}', `${ofAura('process_open_fds')} / (${ofAura('process_max_fds')} > 0)`)],
    shows: 'File descriptors in use, of those the process may have.',
    normal: 'Near 0; each live connection takes one.',
    act: 'Raise `LimitNOFILE`; a leak if it never falls.',
  }),
  time({
    title: 'Handles',
    unit: unit.count,
    min: 0,
    queries: [query('{{instance}} {{type}}', series('nodejs_active_resources'))],
    shows: 'What keeps the process alive, by kind.',
    normal: 'Steady; sockets follow the connections.',
    act: 'Timers or sockets that only grow leak: report it.',
  }),
])

/** HTTP and the process of Aura. */
export const auraBoard: Board = {
  name: 'aura',
  title: 'HTTP and process',
  question: 'Does Aura answer quickly and without errors, and is its process well?',
  anchor: 'aura_build_info',
  components: ['aura'],
  started: 'process_start_time_seconds',
  version: ['aura_build_info', 'version'],
  rows: [glance, requests, process, details],
}
