import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readAlerts } from '../../../src/features/alerts/state.ts'
import { createHttpGet } from '../../../src/lib/http-get.ts'
import { createPrometheus } from '../../../src/features/lib/prometheus.ts'
import { rangeQueries } from '../../../src/features/system/queries.ts'
import { readRange } from '../../../src/features/system/range.ts'
import { createHostExporter } from '../../../src/exporters/host/index.ts'
import { findFreePort } from '../../../src/lib/free-port.ts'
import { hostConfigWith } from '../../support/host-config.ts'
import { startMetricsServer } from '../../../src/metrics-server/index.ts'
import { createRunner } from '../../../src/exporters/runner.ts'
import { quiet } from '../../support/logger.ts'
import { until } from '../../support/ollama.ts'
import { installed } from '../../support/programs.ts'
import { expectContract } from '../support.ts'

const program = installed('alerts and ranges from a real Prometheus', 'prometheus')

const rules = `groups:
  - name: test
    interval: 1s
    rules:
      - alert: AlwaysFiring
        expr: vector(1)
        labels: { severity: critical }
        annotations: { summary: It burns. }
      - alert: NotYet
        expr: vector(1)
        for: 1h
        labels: { severity: warning }
`

async function startPrometheus(target: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'aura-prometheus-'))
  const port = await findFreePort(19_090)
  const config = `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
scrape_configs:
  - job_name: node
    metrics_path: /metrics/host
    static_configs: [{ targets: ['${target}'] }]
`
  writeFileSync(join(folder, 'rules.yml'), rules)
  writeFileSync(join(folder, 'prometheus.yml'), config)
  const flags = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`]
  const child = spawn(program ?? '', [...flags, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' })
  onTestFinished(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  return `127.0.0.1:${port}`
}

// The grid lies on round times, at most a step ago: what was scraped just now is not on it yet.
const later = () => Date.now() + 15_000

test.skipIf(program === undefined)(
  'a real Prometheus: alerts as it has them, and every range query is valid',
  async () => {
    const exporter = createHostExporter(hostConfigWith(), { log: quiet })
    const exporters = new Map([['host' as const, { exporter, runner: createRunner(exporter, quiet) }]])
    const settings = { host: '127.0.0.1', port: 0, timeout: '2500ms', web_config_file: '' }
    const server = await startMetricsServer(
      { ...settings, scrape_username: '', scrape_password_file: '' },
      { exporters, own: async () => '', probe: undefined, log: quiet },
    )
    onTestFinished(async () => {
      await server.close()
      await exporter.stop?.()
    })
    const address = await startPrometheus(new URL(server.url).host)
    const prometheus = createPrometheus(
      () => address,
      createHttpGet(2000),
      () => 'none',
    )
    await until(async () => (await readAlerts(prometheus)).alerts.length === 2, 'both alerts', 30_000)
    const firing = await readAlerts(prometheus)
    expectContract('alerts', firing)
    expect(firing).toMatchObject({
      source: `http://${address}`,
      alerts: [
        { name: 'AlwaysFiring', state: 'firing', severity: 'critical', summary: 'It burns.', labels: {} },
        { name: 'NotYet', state: 'pending', severity: 'warning' },
      ],
    })
    expect(firing.alerts[0]?.since).toBeGreaterThan(Date.now() - 60_000)
    const all = [...rangeQueries.keys()].map((family) => family.replace(/\*.*$/, '*')).join(',')
    await until(async () => 'load.load1' in (await readRange(prometheus, all, 5, later())).series, 'a value', 30_000)
    const { times, series } = await readRange(prometheus, all, 5, later())
    for (const column of Object.values(series)) expect(column).toHaveLength(times.length)
    const names = Object.keys(series)
    expect(names).toEqual(expect.arrayContaining(['memory.used', 'load.load1', 'filesystem./.used']))
    const used = (series['memory.used'] ?? []).filter((value) => value !== null)
    expect(used.length).toBeGreaterThan(0)
    for (const value of used) expect(value).toBeGreaterThan(0)
  },
)
