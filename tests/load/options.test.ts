import { expect, test } from 'vitest'
import { commandOf } from '../../load/launcher/command.ts'
import { readOptions, UsageError } from '../../load/launcher/options.ts'
import { scenarioNames } from '../../load/lib/figures.ts'

const own = { url: 'http://127.0.0.1:4000', metricsUrl: 'http://127.0.0.1:4001', acts: true }

test.each(scenarioNames)('%s can be asked for', (scenario) => {
  expect(readOptions([scenario, '--quick'])).toMatchObject({ scenario, quick: true, target: undefined })
})

test.each([
  [[], /fan-out, rest, exporters, reconnect-storm, soak/],
  [['fan-in'], /say which scenario/],
  [['rest', 'soak'], /say which scenario/],
  [['rest', '--fast'], /--fast/],
  [['rest', '--url', 'aura'], /--url wants an address/],
  [['rest', '--url', 'ws://aura'], /--url wants an address/],
  [['rest', '--remote-write', '9090'], /--remote-write wants an address/],
  [['soak', '--duration', '1.5'], /--duration wants whole seconds/],
  [['soak', '--duration', '4'], /5 or more/],
] as const)('%j is refused', (args, reason) => {
  expect(() => readOptions(args)).toThrow(UsageError)
  expect(() => readOptions(args)).toThrow(reason)
})

test('help is help, whatever else is said', () => {
  expect(readOptions(['--help'])).toBeUndefined()
  expect(readOptions(['rest', '--help'])).toBeUndefined()
})

test('of an Aura that runs already the metrics are looked for on the same machine, and nothing is done to it', () => {
  expect(readOptions(['rest', '--url', 'https://aura.example.org/'])?.target).toEqual({
    url: 'https://aura.example.org',
    metricsUrl: 'http://aura.example.org:9464',
    acts: false,
  })
})

/** The values after each of these flags. */
const after = (args: readonly string[], flag: string): string[] =>
  args.flatMap((arg, at) => (args[at - 1] === flag ? [arg] : []))

test('k6 is told where Aura is and what to do, and tells nobody of it', () => {
  const options = readOptions(['soak', '--duration', '30', '--token-file', '/tmp/tokens'])
  if (options === undefined) throw new Error('no options')
  const { args, env } = commandOf(options, own, false)
  expect(args.slice(0, 2)).toEqual(['run', '--no-usage-report'])
  expect(args).toContain('--quiet')
  expect(args).not.toContain('--out')
  expect(env).toEqual({})
  expect(after(args, '--env').toSorted()).toEqual([
    'AURA_LOAD_ACTS=yes',
    'AURA_LOAD_METRICS_URL=http://127.0.0.1:4001',
    'AURA_LOAD_QUICK=no',
    'AURA_LOAD_SECONDS=30',
    'AURA_LOAD_TOKEN_FILE=/tmp/tokens',
    'AURA_LOAD_URL=http://127.0.0.1:4000',
  ])
  expect(args.at(-1)).toMatch(/load\/scenarios\/soak\.ts$/)
})

test.each([
  [[], 'K6_PROMETHEUS_RW_TREND_STATS', 'min,med,p(95),p(99),max'],
  [['--native-histograms'], 'K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM', 'true'],
])('with %j figures go to a Prometheus, with the labels boards ask for', (more, name, value) => {
  const options = readOptions(['rest', '--remote-write', 'http://127.0.0.1:9090/api/v1/write', ...more])
  if (options === undefined) throw new Error('no options')
  const { args, env } = commandOf(options, own, true)
  expect(after(args, '--out')).toEqual(['experimental-prometheus-rw'])
  expect(after(args, '--tag')).toEqual(['job=k6', 'instance=127.0.0.1:4000', 'load=rest'])
  expect(env).toEqual({
    K6_PROMETHEUS_RW_SERVER_URL: 'http://127.0.0.1:9090/api/v1/write',
    K6_PROMETHEUS_RW_STALE_MARKERS: 'true',
    [name]: value,
  })
})
