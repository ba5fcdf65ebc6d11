import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { boards } from '../../dashboards/boards/index.ts'
import type { PanelJson, Target } from '../../dashboards/lib/grafana.ts'
import { renderBoard } from '../../dashboards/lib/render.ts'
import { installed } from '../support/programs.ts'
import { catalogueOf } from './catalogue.ts'
import { startLive, type Live } from './live.ts'
import { legendLabels, panelsOf } from './panels.ts'
import type { Series } from './prometheus.ts'
import { maySayNothing } from './silent.ts'
import { evaluate, substitute, type Values } from './variables.ts'

// Every query of every board, asked of a real Prometheus that scrapes the demonstration each second.

const program = installed('queries of boards', 'prometheus')
const manager = installed('queries of boards', 'prometheus-alertmanager', 'alertmanager')
let live: Live

const ask = ({ expr, instant }: Target, values: Values): Promise<readonly Series[]> =>
  live.prometheus[instant ? 'instant' : 'range'](substitute(expr, values))

const speaks = ({ values }: Series): boolean => values.some(([, value]) => value !== 'NaN')

/** What a panel lacks: data of a query, or a label that its legend names. */
async function faultsOf({ title, targets }: PanelJson, values: Values, maybeEmpty: boolean): Promise<string[]> {
  const answers = await Promise.all(targets.map((target) => ask(target, values)))
  return answers.flatMap((series, at) => {
    if (!maybeEmpty && !series.some(speaks)) return [`${title}: query ${at} finds nothing`]
    const labels = legendLabels(targets[at]?.legendFormat ?? '')
    const absent = labels.filter((label) => series.some(({ metric }) => !(label in metric)))
    return absent.map((label) => `${title}: query ${at} has no label ${label}`)
  })
}

describe.skipIf(program === undefined || manager === undefined)('boards on a live Prometheus', () => {
  beforeAll(async () => void (live = await startLive(program ?? '')), 120_000)
  afterAll(() => live?.[Symbol.asyncDispose]())

  describe.each(boards.map((board) => [board.name, renderBoard(board)] as const))('%s', (name, board) => {
    const panels = panelsOf(board)
    const silent = maySayNothing[name] ?? {}

    test('panels that may stay empty exist', () => {
      const titles = new Set(panels.map(({ title }) => title))
      expect(Object.keys(silent).filter((title) => !titles.has(title))).toEqual([])
    })

    test('every query succeeds and finds something, with the labels of its legend', async () => {
      const values = await evaluate(board, live.prometheus)
      const faults = await Promise.all(panels.map((panel) => faultsOf(panel, values, panel.title in silent)))
      expect(faults.flat()).toEqual([])
    })

    test('values chosen one by one give the same series', async () => {
      const [all, each] = [await evaluate(board, live.prometheus), await evaluate(board, live.prometheus, true)]
      const instant = panels.filter(({ title }) => !(title in silent)).flatMap(({ targets }) => targets)
      for (const target of instant.filter((one) => one.instant))
        expect((await ask(target, each)).length, target.expr).toBe((await ask(target, all)).length)
    })

    test('annotations can be asked for', async () => {
      const values = await evaluate(board, live.prometheus)
      for (const { expr = '' } of board.annotations.list ?? [])
        await expect(live.prometheus.range(substitute(expr, values))).resolves.toBeDefined()
    })
  })

  // Only for whoever adds a metric: `AURA_WRITE_CATALOGUE=1 npm run test:boards`.
  test.runIf(process.env['AURA_WRITE_CATALOGUE'])('the catalogue is written', async () => {
    const text = catalogueOf(await live.prometheus.allSeries(), await live.prometheus.types())
    writeFileSync(join(import.meta.dirname, '../dashboards/scraped.json'), text)
  })
})
