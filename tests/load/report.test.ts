import { expect, test } from 'vitest'
import { reporting, reportOf } from '../../load/lib/report.ts'

const time = (values: Record<string, number>, thresholds?: Record<string, { ok: boolean }>) => ({
  type: 'trend',
  contains: 'time',
  values,
  ...(thresholds && { thresholds }),
})
const data = {
  state: { testRunDurationMs: 60_123 },
  metrics: {
    'delivery{class:alert}': time(
      { med: 3.004, 'p(95)': 20, 'p(99)': 61.7, max: 300.4, count: 12 },
      { 'p(50)<=8.5': { ok: true }, 'p(99)<=50': { ok: false } },
    ),
    'delivery{class:event}': time({ med: 0, 'p(99)': 0, count: 0 }, { 'p(99)<=50': { ok: true } }),
    gaps: {
      type: 'counter',
      contains: 'default',
      values: { count: 0, rate: 0 },
      thresholds: { 'count==0': { ok: true } },
    },
    growth: {
      type: 'gauge',
      contains: 'default',
      values: { value: 3 * 1024 * 1024 },
      thresholds: { 'value<=52428800': { ok: true } },
    },
    'inside_half{class:alert}': {
      type: 'gauge',
      contains: 'time',
      values: { value: 6.25 },
      thresholds: { 'value<=8.5': { ok: true } },
    },
    'inside_half{class:event}': {
      type: 'gauge',
      contains: 'time',
      values: { value: 0 },
      thresholds: { 'value<=8.5': { ok: true } },
    },
    http_reqs: { type: 'counter', contains: 'default', values: { count: 1200, rate: 20 } },
  },
}

test('a report says what was promised and reached, then times and counts', () => {
  expect(reportOf('fan-out', data).trim().split('\n')).toEqual([
    'fan-out, 60.12 s',
    '',
    '  met     delivery{class:alert} p(50)<=8.5: 3 ms',
    '  MISSED  delivery{class:alert} p(99)<=50: 61.7 ms',
    '  unknown delivery{class:event} p(99)<=50: nothing measured',
    '  met     gaps count==0: 0',
    '  met     growth value<=52428800: 3 MiB',
    '  met     inside_half{class:alert} value<=8.5: 6.25 ms',
    '  unknown inside_half{class:event} value<=8.5: nothing measured',
    '',
    '  delivery{class:alert}: med 3 ms, p(95) 20 ms, p(99) 61.7 ms, max 300 ms (12)',
    '  http_reqs: 1200 (20/s)',
  ])
})

test('all figures go into a file where one is named', () => {
  expect(Object.keys(reporting('rest')(data))).toEqual(['stdout'])
  const both = reporting('rest', '/tmp/figures.json')(data)
  expect(JSON.parse(both['/tmp/figures.json'] ?? '')).toEqual(data)
})
