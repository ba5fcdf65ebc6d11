import { describe, expect, test } from 'vitest'
import { boards } from '../../dashboards/boards/index.ts'
import { boardLink, changed, readAddress } from '../../dashboards/preview/core/address.ts'
import type { Panel, Row, Variable } from '../../dashboards/preview/core/board.ts'
import { apart } from '../../dashboards/preview/core/buckets.ts'
import { seconds } from '../../dashboards/preview/core/duration.ts'
import { bottomOf, placeParts } from '../../dashboards/preview/core/grid.ts'
import { interpolate, legendOf, plainName, queryText } from '../../dashboards/preview/core/interpolate.ts'
import { readRange, stepOf, timeVariables } from '../../dashboards/preview/core/range.ts'
import { spansOf } from '../../dashboards/preview/core/spans.ts'
import { timeTicks } from '../../dashboards/preview/core/ticks.ts'
import { evaluate, valuesOf } from '../../dashboards/preview/core/variables.ts'
import { readOptions, UsageError } from '../../dashboards/preview/serve/options.ts'
import { renderBoard } from '../../dashboards/lib/render.ts'

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

describe('the grid', () => {
  const panel = (id: number, x: number, y: number, h = 8): Panel => ({
    id,
    type: 'stat',
    title: '',
    gridPos: { x, y, w: 12, h },
    targets: [],
    options: {},
    fieldConfig: { defaults: {}, overrides: [] },
  })
  const row = (id: number, y: number, panels: Panel[]): Row => ({
    id,
    type: 'row',
    title: '',
    collapsed: true,
    gridPos: { x: 0, y, w: 24, h: 1 },
    panels,
  })
  const parts = [row(1, 0, [panel(2, 0, 1), panel(3, 12, 1)]), row(4, 1, [panel(5, 0, 2, 4)])]
  const ids = (open: readonly number[]) => placeParts(parts, (id) => open.includes(id), 1000).map(({ part }) => part.id)

  test('an open row pushes what is below it down by its panels', () => {
    expect(ids([])).toEqual([1, 4])
    const placed = placeParts(parts, () => true, 1000)
    expect(placed.map(({ part, top }) => [part.id, top])).toEqual([
      [1, 0],
      [2, 38],
      [3, 38],
      [4, 342],
      [5, 380],
    ])
    expect(bottomOf(placed)).toBe(380 + 4 * 38 - 8)
  })

  test.each(boards.map((board) => [board.name, renderBoard(board)] as const))(
    'nothing lies on something else: %s',
    (_name, { panels }) => {
      const placed = placeParts(panels as never, () => true, 1400)
      const clashes = placed.flatMap((one, at) =>
        placed
          .slice(at + 1)
          .filter(
            (other) =>
              one.left < other.left + other.width &&
              other.left < one.left + one.width &&
              one.top < other.top + other.height &&
              other.top < one.top + one.height,
          )
          .map((other) => [one.part.title, other.part.title]),
      )
      expect(clashes).toEqual([])
    },
  )
})

test('neighbours with the same state become one band, and a gap ends it', () => {
  expect(spansOf([0, 10, 20, 30, 40], [1, 1, 0, null, 0], 10)).toEqual([
    { from: 0, to: 20, value: 1 },
    { from: 20, to: 30, value: 0 },
    { from: 40, to: 50, value: 0 },
  ])
})

test('cumulative buckets come apart in order of their bounds', () => {
  const found = apart([
    { bound: Infinity, counts: [5, null] },
    { bound: 0.1, counts: [2, 1] },
    { bound: 1, counts: [5, 0.9] },
  ])
  expect(found).toEqual([
    { bound: 0.1, counts: [2, 1] },
    { bound: 1, counts: [3, 0] },
    { bound: Infinity, counts: [0, null] },
  ])
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
