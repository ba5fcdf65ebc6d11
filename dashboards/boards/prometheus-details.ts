import { more, time } from '../lib/panel.ts'
import { query, rate, series } from '../lib/query.ts'
import { unit } from '../lib/unit.ts'

const storage = more('Storage and queries', [
  time({
    title: 'Size on disk',
    unit: unit.bytes,
    min: 0,
    queries: [query('{{instance}}', series('prometheus_tsdb_storage_blocks_bytes'))],
    shows: 'Bytes of finished blocks; the last two hours come on top.',
    normal: 'Grows until the retention is reached, then stays.',
    act: 'Too much: shorten `prometheus.retention`.',
  }),
  time({
    title: 'Series made and removed',
    unit: unit.perSecond,
    min: 0,
    queries: [
      query('{{instance}} made', rate('prometheus_tsdb_head_series_created_total')),
      query('{{instance}} removed', rate('prometheus_tsdb_head_series_removed_total')),
    ],
    shows: 'New series, and old ones leaving memory every two hours.',
    normal: 'Near 0 after the start.',
    act: 'Lasting: labels with ever new values.',
  }),
  time({
    title: 'Queries',
    unit: unit.requests,
    min: 0,
    queries: [query('{{handler}}', `topk(10, sum by (handler) (${rate('prometheus_http_requests_total')}))`)],
    shows: 'Requests to Prometheus.',
    normal: 'Follows the open boards and the console.',
    act: 'Very many: a board that refreshes too fast.',
  }),
  time({
    title: 'Failed storage work',
    unit: unit.perSecond,
    min: 0,
    threshold: { bad: 0.001 },
    queries: [
      query('{{instance}} compactions', rate('prometheus_tsdb_compactions_failed_total')),
      query('{{instance}} WAL corruptions', rate('prometheus_tsdb_wal_corruptions_total')),
      query('{{instance}} duplicate samples', rate('prometheus_target_scrapes_sample_duplicate_timestamp_total')),
      query('{{instance}} samples out of order', rate('prometheus_target_scrapes_sample_out_of_order_total')),
    ],
    shows: 'What Prometheus could not store or tidy up.',
    normal: '0.',
    act: 'Disk full or broken; two sources that give the same series.',
  }),
  time({
    title: 'Processor time',
    unit: unit.share,
    min: 0,
    queries: [query('{{job}}', `sum by (job) (${rate('process_cpu_seconds_total')})`)],
    shows: 'Share of one processor, by job; the exporters are one process, Aura.',
    normal: 'Below 5 %.',
    act: 'Prometheus: heavy queries or rules.',
  }),
  time({
    title: 'Memory',
    unit: unit.bytes,
    min: 0,
    queries: [query('{{job}}', `max by (job) (${series('process_resident_memory_bytes')})`)],
    shows: 'Memory by job; the exporters are one process, Aura.',
    normal: 'Prometheus 100 to 500 MB.',
    act: 'Growing with Series in memory: too many series.',
  }),
])

/** Rows of the board on Prometheus that start out closed. */
export const prometheusDetails = [storage]
