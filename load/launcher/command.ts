import { join } from 'node:path'
import type { LoadOptions, Target } from './options.ts'

/** Quantiles that the board draws. */
const trendStats = 'min,med,p(95),p(99),max'

/** How k6 is called: its arguments, and variables beside those there are. */
export interface Command {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

type Given = Readonly<Record<string, string | undefined>>

const settings = ({ quick, seconds, tokenFile, summary }: LoadOptions, { url, metricsUrl, acts }: Target): Given => ({
  AURA_LOAD_URL: url,
  AURA_LOAD_METRICS_URL: metricsUrl,
  AURA_LOAD_QUICK: quick ? 'yes' : 'no',
  AURA_LOAD_ACTS: acts ? 'yes' : 'no',
  AURA_LOAD_SECONDS: seconds === undefined ? undefined : String(seconds),
  AURA_LOAD_TOKEN_FILE: tokenFile,
  AURA_LOAD_SUMMARY: summary,
})

function output({ remoteWrite }: LoadOptions): Command {
  if (remoteWrite === undefined) return { args: [], env: {} }
  const { url, nativeHistograms } = remoteWrite
  const trends = nativeHistograms
    ? { K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM: 'true' }
    : { K6_PROMETHEUS_RW_TREND_STATS: trendStats }
  const env = { K6_PROMETHEUS_RW_SERVER_URL: url, K6_PROMETHEUS_RW_STALE_MARKERS: 'true', ...trends }
  return { args: ['--out', 'experimental-prometheus-rw'], env }
}

/** How k6 is called for this run against this Aura. Nothing is told to anybody but the Prometheus that was named. */
export function commandOf(options: LoadOptions, target: Target, terminal: boolean): Command {
  const { args, env } = output(options)
  const given = Object.entries(settings(options, target)).flatMap(([name, value]) =>
    value === undefined ? [] : ['--env', `${name}=${value}`],
  )
  // The labels by which Prometheus tells who measured what.
  const tags = ['--tag', 'job=k6', '--tag', `instance=${new URL(target.url).host}`, '--tag', `load=${options.scenario}`]
  const script = join(import.meta.dirname, '../scenarios', `${options.scenario}.ts`)
  return {
    args: ['run', '--no-usage-report', ...(terminal ? [] : ['--quiet']), ...args, ...tags, ...given, script],
    env,
  }
}
