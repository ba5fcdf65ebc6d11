import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { k6Board } from '../../dashboards/boards/k6.ts'
import type { Target } from '../../dashboards/lib/grafana.ts'
import { renderBoard } from '../../dashboards/lib/render.ts'
import { findFreePort } from '../../src/lib/free-port.ts'
import { legendLabels, panelsOf } from '../boards/panels.ts'
import { startPrometheus, type Prometheus } from '../boards/prometheus.ts'
import { evaluate, substitute } from '../boards/variables.ts'
import { writtenByK6 } from '../dashboards/k6.ts'
import { runAura } from '../support/aura.ts'
import { addressesOf, alone } from '../support/browser.ts'
import { installed } from '../support/programs.ts'
import { k6For, runLoad } from './runs.ts'

// Every query of the board of load tests, asked while k6 writes what it measures into a real Prometheus.

const k6 = k6For('the board of load tests')
const program = installed('the board of load tests', 'prometheus')

/** Queries that may find nothing: k6 leaves rounds out only when it is late. */
const maySayNothing = new Set(['left out'])

/** Targets that have not said anything yet; those that did are left out next time. */
async function silent(targets: readonly Target[], prometheus: Prometheus): Promise<Target[]> {
  const values = await evaluate(renderBoard(k6Board), prometheus)
  const answers = await Promise.all(
    targets.map(async (target) => {
      const series = await prometheus[target.instant ? 'instant' : 'range'](substitute(target.expr, values))
      const labels = legendLabels(target.legendFormat ?? '')
      const lacking = labels.filter((label) => series.some(({ metric }) => !(label in metric)))
      expect(lacking, target.expr).toEqual([])
      return series.some(({ values: each }) => each.some(([, value]) => value !== 'NaN'))
    }),
  )
  return targets.filter((_target, at) => answers[at] === false)
}

/** Names and labels that Prometheus has of k6, and the catalogue does not know. */
async function unknown(prometheus: Prometheus): Promise<string[]> {
  const known = new Map(writtenByK6)
  const drawn = (await prometheus.allSeries()).filter(({ __name__: name = '' }) => known.has(name))
  const strange = drawn.flatMap(({ __name__: name = '', ...labels }) =>
    Object.keys(labels).flatMap((label) => (known.get(name)?.labels.has(label) === true ? [] : [`${name} ${label}`])),
  )
  return [...new Set(strange)]
}

test.skipIf(k6 === undefined || program === undefined)(
  'every query of the board finds what k6 wrote',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'aura-load-board-'))
    await using stack = new AsyncDisposableStack()
    stack.defer(() => rmSync(directory, { recursive: true, force: true }))
    const aura = stack.use(runAura(['start'], alone))
    const { console, metrics } = await addressesOf(aura)
    const prometheus = stack.use(
      await startPrometheus(
        program ?? '',
        directory,
        {
          metrics: new URL(metrics).host,
          prometheus: `127.0.0.1:${await findFreePort(29_590)}`,
          alertmanager: undefined,
        },
        {},
        ['--web.enable-remote-write-receiver'],
      ),
    )
    const write = ['--remote-write', `${prometheus.url}/api/v1/write`]
    const target = ['--quick', '--url', console, '--metrics-url', metrics, '--acts', ...write]
    const running = Promise.all([
      runLoad(['soak', '--duration', '40', ...target]),
      runLoad(['reconnect-storm', ...target]),
    ])
    const all = panelsOf(renderBoard(k6Board)).flatMap(({ targets }) => targets)
    let left: Target[] = all.filter(({ legendFormat }) => !maySayNothing.has(legendFormat ?? ''))
    await prometheus.until('k6_vus')
    for (let tries = 0; left.length > 0 && tries < 40; tries++) {
      left = await silent(left, prometheus)
      await sleep(1000)
    }
    expect(left.map(({ expr }) => expr)).toEqual([])
    expect(await unknown(prometheus)).toEqual([])
    for (const { code, output } of await running) expect([0, 99], output).toContain(code)
  },
  150_000,
)
