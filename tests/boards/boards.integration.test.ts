import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { boards } from '../../dashboards/boards/index.ts'
import { renderBoard } from '../../dashboards/lib/render.ts'
import type { BoardJson, PanelJson, Target } from '../../dashboards/lib/grafana.ts'
import { findFreePort } from '../../src/lib/free-port.ts'
import { runAura, type AuraProcess } from '../support/aura.ts'
import { addressesOf } from '../support/browser.ts'
import { installed } from '../support/programs.ts'
import { catalogueOf } from './catalogue.ts'
import { startPrometheus, type Prometheus, type Series } from './prometheus.ts'
import { maySayNothing } from './silent.ts'
import { evaluate, substitute, type Values } from './variables.ts'
import { watch } from './viewers.ts'

// Every query of every board, asked of a real Prometheus that scrapes the demonstration each second.

const program = installed('queries of boards', 'prometheus')
const manager = installed('queries of boards', 'prometheus-alertmanager', 'alertmanager')
/** Long enough for four scrapes after every rule and every viewer has begun. */
const settle = 25_000

const panelsOf = (board: BoardJson): PanelJson[] =>
  board.panels.flatMap((panel) => ('panels' in panel ? [...panel.panels] : [panel as PanelJson]))

const free = async (from: number): Promise<string> => `127.0.0.1:${await findFreePort(from)}`
const speaks = ({ values }: Series): boolean => values.some(([, value]) => value !== 'NaN')
const wanted = (legend: string): string[] => [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label)

describe.skipIf(program === undefined || manager === undefined)('boards on a live Prometheus', () => {
  const directory = mkdtempSync(join(tmpdir(), 'aura-boards-'))
  const end = new AbortController()
  let demo: AuraProcess
  let prometheus: Prometheus
  let viewer: Promise<void>

  beforeAll(async () => {
    demo = runAura(['demo'], {
      AURA_DATA_DIR: directory,
      AURA_DATABASE_EMBEDDED_PORT: String(await findFreePort(26_432)),
      AURA_PROMETHEUS_ENABLED: 'false',
      AURA_ALERTMANAGER_PORT: String(await findFreePort(29_193)),
    })
    const { console, metrics } = await addressesOf(demo)
    const [, alertmanager] = await demo.until(/Alertmanager +http:\/\/(\S+) +ready/)
    viewer = watch(console, end.signal)
    prometheus = await startPrometheus(program ?? '', directory, {
      metrics: new URL(metrics).host,
      prometheus: await free(29_090),
      alertmanager,
    })
    await sleep(settle)
  }, 120_000)

  afterAll(async () => {
    end.abort()
    await viewer?.catch(() => undefined)
    await prometheus?.[Symbol.asyncDispose]()
    await demo?.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  const ask = ({ expr, instant }: Target, values: Values): Promise<readonly Series[]> =>
    prometheus[instant ? 'instant' : 'range'](substitute(expr, values))

  describe.each(boards.map((board) => [board.name, renderBoard(board)] as const))('%s', (name, board) => {
    const panels = panelsOf(board)
    const silent = maySayNothing[name] ?? {}

    test('panels that may stay empty exist', () => {
      const titles = new Set(panels.map(({ title }) => title))
      expect(Object.keys(silent).filter((title) => !titles.has(title))).toEqual([])
    })

    test('every query succeeds and finds something, with the labels of its legend', async () => {
      const values = await evaluate(board, prometheus)
      const faults: string[] = []
      for (const panel of panels) {
        const answers = await Promise.all(panel.targets.map((target) => ask(target, values)))
        if (!answers.flat().some(speaks) && !(panel.title in silent)) faults.push(`${panel.title}: no data`)
        for (const [at, series] of answers.entries()) {
          if (series.length === 0 && !(panel.title in silent)) faults.push(`${panel.title}: query ${at} finds nothing`)
          const labels = wanted(panel.targets[at]?.legendFormat ?? '')
          for (const label of labels)
            if (series.some(({ metric }) => !(label in metric))) faults.push(`${panel.title}: no label ${label}`)
        }
      }
      expect(faults).toEqual([])
    })

    test('values chosen one by one give the same series', async () => {
      const [all, each] = [await evaluate(board, prometheus), await evaluate(board, prometheus, true)]
      for (const { title, targets } of panels) {
        for (const target of targets.slice(0, 1)) {
          if (!target.instant || title in silent) continue
          expect((await ask(target, each)).length, title).toBe((await ask(target, all)).length)
        }
      }
    })

    test('annotations can be asked for', async () => {
      const values = await evaluate(board, prometheus)
      for (const { expr = '' } of board.annotations.list ?? [])
        await expect(prometheus.range(substitute(expr, values))).resolves.toBeDefined()
    })
  })

  // Only for whoever adds a metric: `AURA_WRITE_CATALOGUE=1 npm run test:boards`.
  test.runIf(process.env['AURA_WRITE_CATALOGUE'])('the catalogue is written', async () => {
    const text = catalogueOf(await prometheus.allSeries(), await prometheus.types())
    writeFileSync(join(import.meta.dirname, '../dashboards/scraped.json'), text)
  })
})
