import { describe, expect, test } from 'vitest'
import { boardLink, changed, readAddress } from '../../dashboards/preview/core/address.ts'
import type { Variable } from '../../dashboards/preview/core/board.ts'
import { seconds } from '../../dashboards/preview/core/duration.ts'
import { interpolate, legendOf, plainName, queryText } from '../../dashboards/preview/core/interpolate.ts'
import { readRange, stepOf, timeVariables } from '../../dashboards/preview/core/range.ts'
import { timeTicks } from '../../dashboards/preview/core/ticks.ts'
import { evaluate, valuesOf } from '../../dashboards/preview/core/variables.ts'
import { readOptions, UsageError } from '../../dashboards/preview/serve/options.ts'

const now = 1_800_000_000
const job: Variable = {
  type: 'query',
  name: 'job',
  query: 'label_values(up, job)',
  multi: true,
  includeAll: true,
  allValue: '.+',
}

describe('time', () => {
  test.each([
    ['15s', 15],
    ['1h30m', 5400],
    ['250ms', 0.25],
    ['', undefined],
    ['1x', undefined],
    ['-1h', undefined],
  ])('%s is %s s', (text, expected) => expect(seconds(text)).toBe(expected))

  test('a range is read relative to now, or in ms', () => {
    expect(readRange('now-1h', 'now', now)).toEqual({ from: now - 3600, to: now })
    expect(readRange(String((now - 60) * 1000), 'now-30s', now)).toEqual({ from: now - 60, to: now - 30 })
  })

  test.each([
    ['now', 'now-1h'],
    ['yesterday', 'now'],
    ['now-', 'now'],
    ['now-1h', 'later'],
  ])('%s to %s is none', (from, to) => expect(readRange(from, to, now)).toBeUndefined())

  // Grafana 13: an hour in 1,400 pixels every 2 s, in 600 every 5 s; a day in 1,400 every minute.
  test.each([
    [3600, 1400, 1, 2],
    [3600, 600, 1, 5],
    [86_400, 1400, 1, 60],
    [3600, 1400, 15, 15],
    [10, 1400, 1, 1],
  ])('%s s in %s pixels, scraped every %s s: a point every %s s', (length, pixels, scrape, expected) =>
    expect(stepOf({ from: now - length, to: now }, pixels, scrape)).toBe(expected),
  )

  test('the window of rates holds four scrapes, or a scrape more than the step', () => {
    const range = { from: now - 3600, to: now }
    expect(timeVariables(range, 15, 15).get('__rate_interval')).toBe('60s')
    expect(timeVariables(range, 60, 15).get('__rate_interval')).toBe('75s')
    expect(timeVariables(range, 15, 15).get('__range')).toBe('3600s')
  })

  test('ticks are round in local time, and not too many', () => {
    const hour = 3_600_000
    expect(timeTicks(90_000, hour, 6)).toEqual([600_000, 1_200_000, 1_800_000, 2_400_000, 3_000_000, hour])
    expect(timeTicks(0, 24 * hour, 8, hour / 2)[0]).toBe(2.5 * hour)
  })
})

describe('variables', () => {
  const offered = ['node', 'a.b']

  test('all of them are what the board says, or else each of them', () => {
    expect(queryText({ variable: job, offered, chosen: undefined })).toBe('.+')
    const { allValue: _without, ...plain } = job
    expect(queryText({ variable: plain, offered, chosen: undefined })).toBe(String.raw`(node|a\\.b)`)
  })

  test('chosen ones are escaped for the pattern and for the string around it', () => {
    expect(queryText({ variable: job, offered, chosen: ['a.b'] })).toBe(String.raw`a\\.b`)
    expect(queryText({ variable: job, offered, chosen: ['a', 'b+'] })).toBe(String.raw`(a|b\\+)`)
    const single = { ...job, multi: false, includeAll: false }
    expect(queryText({ variable: single, offered, chosen: ['a."b'] })).toBe(String.raw`a.\"b`)
  })

  test('are put in under each of their spellings; unknown ones stay', () => {
    const values = new Map([
      ['job', '.+'],
      ['__rate_interval', '60s'],
    ])
    expect(interpolate('rate(x{job=~"$job"}[$__rate_interval])', values)).toBe('rate(x{job=~".+"}[60s])')
    expect(interpolate('${job} ${job:regex} $other', values)).toBe('.+ .+ $other')
  })
})

describe('evaluating variables', () => {
  const offered = ['node', 'a.b']

  test('each is asked with those before it, and takes what the address says if there is such a value', async () => {
    const asked: string[] = []
    const instance = { ...job, name: 'instance', query: { query: 'label_values(up{job=~"$job"}, instance)' } }
    const choices = await evaluate(
      [{ type: 'datasource', name: 'datasource', query: 'prometheus' }, job, instance],
      (name) => (name === 'job' ? ['node', 'gone'] : ['nowhere']),
      async (selector, label) => {
        asked.push(`${selector} ${label}`)
        return label === 'job' ? offered : ['one:1']
      },
    )
    expect(asked).toEqual(['up job', 'up{job=~"node"} instance'])
    expect([...valuesOf(choices)]).toEqual([
      ['job', 'node'],
      ['instance', '.+'],
    ])
  })

  test('a query that is not known is refused', async () => {
    const odd = { ...job, query: 'metrics(.*)' }
    await expect(
      evaluate(
        [odd],
        () => [],
        async () => [],
      ),
    ).rejects.toThrow('job')
  })

  test('fixed values need no Prometheus', async () => {
    const custom = { type: 'custom', name: 'q', query: '0.5, 0.99' }
    const [choice] = await evaluate(
      [custom],
      () => ['0.99'],
      () => Promise.reject(new Error('asked')),
    )
    expect(choice).toMatchObject({ offered: ['0.5', '0.99'], chosen: ['0.99'] })
  })
})

describe('names of series', () => {
  test('come from the legend, or else from the series itself', () => {
    expect(legendOf('{{instance}} {{ gone }}reads', { instance: 'a:1' })).toBe('a:1 reads')
    expect(plainName({ __name__: 'up' }, 'up')).toBe('up')
    expect(plainName({ __name__: 'up', job: 'a' }, 'up')).toBe('up{job="a"}')
    expect(plainName({}, 'sum(up)')).toBe('sum(up)')
  })
})

describe('addresses', () => {
  test('say board, time, theme and variables', () => {
    const address = readAddress('?board=gpu&from=now-15m&theme=light&rows=open&var-gpu=0&var-gpu=1')
    expect(address).toMatchObject({ board: 'gpu', from: 'now-15m', to: 'now', theme: 'light', allRows: true })
    expect(address.chosen('gpu')).toEqual(['0', '1'])
    expect(readAddress('')).toMatchObject({ board: 'overview', from: undefined, theme: 'dark', allRows: false })
  })

  test('changes leave the rest', () => {
    expect(changed('?board=gpu&var-gpu=0&var-gpu=1', { 'var-gpu': [] })).toBe('?board=gpu')
    expect(changed('?board=gpu', { theme: 'light' })).toBe('?board=gpu&theme=light')
  })

  test('links to other boards keep time and the variables they name', () => {
    const choices = [
      { variable: { ...job, name: 'instance' }, offered: ['a:1'], chosen: ['a:1'] },
      { variable: job, offered: ['node'], chosen: ['node'] },
    ]
    const link = '/d/aura-slo?${__url_time_range}&${datasource:queryparam}&${instance:queryparam}'
    expect(boardLink(link, '?board=gpu&from=now-15m', choices)).toBe('?board=slo&from=now-15m&var-instance=a%3A1')
    expect(boardLink('https://example.org', '', choices)).toBeUndefined()
  })
})

describe('the command line', () => {
  test('names a Prometheus and a folder for pictures', () => {
    const options = readOptions(['--prometheus', 'http://localhost:9090/', '--screenshots', '/tmp/x', '--board', 'gpu'])
    expect(options).toEqual({
      prometheus: 'http://localhost:9090',
      port: 9470,
      pictures: { folder: '/tmp/x', boards: ['gpu'], range: undefined },
    })
    expect(readOptions(['--help'])).toBeUndefined()
  })

  test.each([[['--prometheus', 'localhost:9090']], [['--port', '70000']], [['--board', 'gpu']], [['--nonsense']]])(
    'refuses %s',
    (args) => expect(() => readOptions(args)).toThrow(UsageError),
  )
})
