import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { boards } from '../../dashboards/boards/index.ts'
import type { PanelJson, Target } from '../../dashboards/lib/grafana.ts'
import { renderBoard } from '../../dashboards/lib/render.ts'
import { installed } from '../support/programs.ts'
import { catalogueOf } from './catalogue.ts'
import { forced } from './forced.ts'
import { startLive, type Live } from './live.ts'
import { legendLabels, panelsOf } from './panels.ts'
import type { Series } from './prometheus.ts'
import { askedElsewhere, maySayNothing, type Silence } from './silent.ts'
import { evaluate, substitute, type Values } from './variables.ts'

// Every query of every board, asked of a real Prometheus that scrapes the demonstration each second, with faults forced.

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

/** Titles whose reason to be silent holds here. */
async function silentHere(silences: Readonly<Record<string, Silence>>): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    Object.entries(silences).map(async ([title, { where }]) =>
      (await live.prometheus.instant(where)).length > 0 ? [title] : [],
    ),
  )
  return new Set(found.flat())
}

const shown = boards.filter(({ name }) => !(name in askedElsewhere))

describe.skipIf(program === undefined || manager === undefined)('boards on a live Prometheus', () => {
  beforeAll(async () => {
    live = await startLive({ prometheus: program ?? '', alertmanager: manager ?? '' })
  }, 180_000)
  afterAll(() => live?.[Symbol.asyncDispose]())

  test.each(Object.entries(forced))('fault: %s', async (_what, where) => {
    expect(await live.prometheus.instant(where)).not.toEqual([])
  })

  describe.each(shown.map((board) => [board.name, renderBoard(board)] as const))('%s', (name, board) => {
    const panels = panelsOf(board)
    const silent = maySayNothing[name] ?? {}

    test('panels that may stay empty exist', () => {
      const titles = new Set(panels.map(({ title }) => title))
      expect(Object.keys(silent).filter((title) => !titles.has(title))).toEqual([])
    })

    test('every query succeeds and finds something, with the labels of its legend', async () => {
      const [values, quiet] = [await evaluate(board, live.prometheus), await silentHere(silent)]
      const faults = await Promise.all(panels.map((panel) => faultsOf(panel, values, quiet.has(panel.title))))
      expect(faults.flat()).toEqual([])
    })

    test('values chosen one by one give the same series', async () => {
      const [all, each] = [await evaluate(board, live.prometheus), await evaluate(board, live.prometheus, true)]
      // A scrape of this very moment may come in between the two.
      const then = Date.now() / 1000 - 3
      for (const { expr } of panels.flatMap(({ targets }) => targets.filter(({ instant }) => instant))) {
        const [one, other] = [substitute(expr, each), substitute(expr, all)]
        const count = async (asked: string): Promise<number> => (await live.prometheus.instant(asked, then)).length
        expect(await count(one), expr).toBe(await count(other))
      }
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
