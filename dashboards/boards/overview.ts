import { limits } from '../limits.ts'
import { colour } from '../lib/colours.ts'
import type { Board } from '../lib/board.ts'
import { row, stat, states, table, time } from '../lib/panel.ts'
import { query, rate, ratio, series } from '../lib/query.ts'
import { unit } from '../lib/unit.ts'
import { criticalAlerts, warnings } from './alert-counts.ts'

const { cpu, memory, filesystem, gpu, postgres, http } = limits
const real = 'fstype!~"tmpfs|ramfs|overlay|squashfs"'
const upDown = { 0: ['down', colour.bad], 1: ['up', colour.good] } as const
const share = { unit: unit.share, min: 0, max: 1 } as const
const requests = `sum by (instance) (${rate('http_server_request_duration_seconds_count', 'http_route!~"/metrics.*"')})`
const failed = `sum by (instance) (${rate('http_server_request_duration_seconds_count', 'http_route!~"/metrics.*", http_response_status_code=~"5.."')})`

const alerts = row('Is anything wrong', [
  criticalAlerts('Critical alerts', 'The table on the right names them; each links to its section of the runbook.'),
  warnings('The table on the right names them.'),
  table({
    title: 'Firing alerts',
    board: 'slo',
    unit: unit.count,
    w: 16,
    h: 6,
    sortedBy: 'Severity',
    widths: { Alert: 260 },
    columns: { severity: 'Severity', alertname: 'Alert', component: 'Part', instance: 'Instance', Value: 'Number' },
    queries: [
      query(
        '',
        'count by (severity, alertname, component, instance) (ALERTS{alertstate="firing", severity=~"critical|warning"})',
      ),
    ],
    empty: 'none fires',
    shows: 'Alerts that fire now.',
    normal: 'Empty.',
    act: 'Critical ones first; look the name up in the runbook, then open the board of its part.',
  }),
  states({
    title: 'What answers',
    board: 'prometheus',
    unit: unit.none,
    w: 24,
    h: 9,
    words: upDown,
    queries: [
      query('scrape {{job}} {{instance}}', series('up')),
      query('PostgreSQL {{instance}}', series('pg_up')),
      query('Ollama {{instance}}', series('ollama_up')),
      query('GPU {{vendor}} {{instance}}', series('gpu_up')),
    ],
    shows: 'Whether Aura can be scraped, and whether what it watches answers.',
    normal: 'All up.',
    act: 'Down scrape: Aura itself (board Prometheus). Others: the board of that part.',
  }),
])

const golden = row('What people feel', [
  time({
    title: 'Requests',
    board: 'aura',
    unit: unit.requests,
    min: 0,
    w: 8,
    queries: [query('{{instance}}', requests)],
    shows: 'Requests to the console and the API, scrapes left out.',
    normal: 'Follows the people.',
    act: 'Suddenly none: is the console reachable?',
  }),
  time({
    title: 'Failed requests',
    board: 'aura',
    ...share,
    w: 8,
    threshold: { bad: http.errors },
    queries: [query('{{instance}}', `(${failed} or 0 * ${requests}) / (${requests} > 0)`)],
    empty: 'no requests',
    shows: 'Share answered with a status of 500 and above.',
    normal: '0.',
    act: 'Board HTTP and process names the routes; the log of Aura has the errors.',
  }),
  time({
    title: 'Duration, 95 of 100 are quicker',
    board: 'aura',
    unit: unit.seconds,
    min: 0,
    w: 8,
    threshold: { look: http.slow },
    queries: [
      {
        ...query(
          '{{instance}}',
          `histogram_quantile(0.95, sum by (instance, le) (${rate('http_server_request_duration_seconds_bucket', 'http_route!~"/metrics.*"')}))`,
        ),
        exemplar: true,
      },
    ],
    empty: 'no requests',
    shows: 'Time until a request was answered.',
    normal: 'Below 100 ms.',
    act: 'Board HTTP and process; a dot is a trace that can be opened.',
  }),
])

const limitsRow = row('What runs out', [
  stat({
    title: 'Processors',
    board: 'host',
    ...share,
    threshold: { look: cpu.busy },
    queries: [query('{{instance}}', `1 - avg by (instance) (${rate('node_cpu_seconds_total', 'mode="idle"')})`)],
    shows: 'Share of the time in which processors are busy.',
    normal: 'Below 90 %.',
    act: 'Board Host.',
  }),
  stat({
    title: 'Memory',
    board: 'host',
    ...share,
    threshold: { bad: memory.used },
    queries: [
      query(
        '{{instance}}',
        `1 - ${series('node_memory_MemAvailable_bytes')} / ${series('node_memory_MemTotal_bytes')}`,
      ),
    ],
    shows: 'Share of main memory in use.',
    normal: 'Below 80 %.',
    act: 'Board Host, row Processors and memory.',
  }),
  stat({
    title: 'Fullest disk',
    board: 'host',
    ...share,
    threshold: { look: 1 - filesystem.fillingFast, bad: 1 - filesystem.warning },
    queries: [
      query(
        '{{instance}}',
        `max by (instance) (1 - ${series('node_filesystem_avail_bytes', real)} / ${series('node_filesystem_size_bytes', real)})`,
      ),
    ],
    shows: 'Share in use of the file system with the least room.',
    normal: 'Below 80 %.',
    act: 'Board Host, row File systems.',
  }),
  stat({
    title: 'Video memory',
    board: 'gpu',
    ...share,
    threshold: { bad: gpu.memory },
    queries: [query('{{instance}} {{gpu}}', ratio(series('gpu_memory_used_bytes'), series('gpu_memory_total_bytes')))],
    empty: 'no card',
    shows: 'Share of the memory of each card in use.',
    normal: 'Below 95 %.',
    act: 'Board GPU.',
  }),
  stat({
    title: 'DB connections',
    board: 'postgres',
    ...share,
    threshold: { look: postgres.connectionsWarning, bad: postgres.connectionsCritical },
    queries: [query('{{instance}}', series('instance:pg_connections_used:ratio'))],
    shows: 'Share of the connections in use.',
    normal: 'Below 50 %.',
    act: 'Board PostgreSQL.',
  }),
  stat({
    title: 'Models spilled',
    board: 'ollama',
    unit: unit.bytes,
    threshold: { bad: 1 },
    queries: [
      query(
        '{{instance}}',
        `sum by (instance) (${series('ollama_model_ram_bytes')}) or sum by (instance) (0 * ${series('ollama_up')})`,
      ),
    ],
    shows: 'Parts of loaded models that run on processors.',
    normal: '0 with a card.',
    act: 'Board Ollama and models.',
  }),
])

/** The board that is opened first, and at night. */
export const overview: Board = {
  name: 'overview',
  title: 'Overview',
  question: 'Is anything wrong, and where do I look next?',
  anchor: 'up',
  components: ['host', 'postgres', 'gpu', 'ollama', 'aura', 'slo', 'prometheus', 'alertmanager'],
  started: 'process_start_time_seconds',
  version: ['aura_build_info', 'version'],
  rows: [alerts, golden, limitsRow],
}
