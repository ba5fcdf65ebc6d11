import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isScenario, scenarioNames, type ScenarioName } from '../lib/figures.ts'

export const usage = `Usage: npm run load -- SCENARIO [--quick] [--duration SECONDS] [--url URL [--metrics-url URL] [--token-file FILE] [--acts]]
                            [--remote-write URL [--native-histograms]] [--summary FILE]

Puts Aura under load with k6 and says which of its promises held. Without --url an Aura of its own is started on free
ports, and stopped again. Exit code 99 when a promise was missed, 2 when k6 is not there.

  fan-out           1,000 readers of every live topic
  rest              50 people and a supervisor who ask the API
  exporters         10 servers that read all metrics every second
  reconnect-storm   1,000 connections cut at once, twice
  soak              a little of everything for ten minutes: memory, and books that end empty

  --quick              fewer of everything, for some seconds: a first impression
  --duration           for so many seconds
  --url                an Aura that runs already; --metrics-url is where its metrics are (port 9464 of the same machine)
  --token-file         API tokens, one a line, where there are accounts; each account may have five connections
  --acts               do acts that the readers are told of; they stay in that Aura's audit log for ever
  --remote-write       send what k6 measures to a Prometheus: http://127.0.0.1:9090/api/v1/write
  --native-histograms  times as native histograms; the board wants them as they are sent without
  --summary            all figures as JSON`

const flags = {
  quick: { type: 'boolean', default: false },
  duration: { type: 'string' },
  url: { type: 'string' },
  'metrics-url': { type: 'string' },
  'token-file': { type: 'string' },
  acts: { type: 'boolean', default: false },
  'remote-write': { type: 'string' },
  'native-histograms': { type: 'boolean', default: false },
  summary: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

/** Where an Aura answers. */
export interface Target {
  readonly url: string
  readonly metricsUrl: string
  /** Whether acts may be done that stay in its audit log. */
  readonly acts: boolean
}

export interface LoadOptions {
  readonly scenario: ScenarioName
  readonly quick: boolean
  readonly seconds: number | undefined
  /** An Aura that runs already; without one, one is started. */
  readonly target: Target | undefined
  readonly tokenFile: string | undefined
  readonly remoteWrite: { readonly url: string; readonly nativeHistograms: boolean } | undefined
  readonly summary: string | undefined
}

/** What was asked for cannot be; the message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

function httpUrl(text: string, flag: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new UsageError(`--${flag} wants an address: ${text}`)
  return url
}

type Values = ReturnType<typeof parsed>['values']

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

function targetOf({ url, acts, ...others }: Values): Target | undefined {
  if (url === undefined) return undefined
  const at = httpUrl(url, 'url')
  const metricsUrl = httpUrl(others['metrics-url'] ?? `http://${at.hostname}:9464`, 'metrics-url')
  return { url: at.origin, metricsUrl: metricsUrl.origin, acts }
}

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const seconds = Number(text)
  if (!Number.isInteger(seconds) || seconds < 5) throw new UsageError('--duration wants whole seconds, 5 or more')
  return seconds
}

const path = (text: string | undefined): string | undefined => (text === undefined ? undefined : resolve(text))

/** Reads the command line; undefined: help was asked for. Throws `UsageError`. */
export function readOptions(args: readonly string[]): LoadOptions | undefined {
  const { values, positionals } = parsed(args)
  if (values.help) return undefined
  const [scenario = '', ...more] = positionals
  if (!isScenario(scenario) || more.length > 0) {
    throw new UsageError(`say which scenario: ${scenarioNames.join(', ')}; --help says more`)
  }
  const remote = values['remote-write']
  return {
    scenario,
    quick: values.quick,
    seconds: secondsOf(values.duration),
    target: targetOf(values),
    tokenFile: path(values['token-file']),
    remoteWrite:
      remote === undefined
        ? undefined
        : { url: httpUrl(remote, 'remote-write').href, nativeHistograms: values['native-histograms'] },
    summary: path(values.summary),
  }
}
