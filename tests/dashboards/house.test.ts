import { describe, expect, test } from 'vitest'
import { boards } from '../../dashboards/boards/index.ts'
import type { Board } from '../../dashboards/lib/board.ts'
import type { Panel } from '../../dashboards/lib/panel.ts'
import { renderBoard } from '../../dashboards/lib/render.ts'
import { limits } from '../../dashboards/limits.ts'
import { ruleGroups } from '../../dashboards/rules/index.ts'
import { panelsOf } from '../boards/panels.ts'
import { thresholdsWithoutAlert, withoutAlerts, withoutRestarts, withoutVersions } from './exceptions.ts'

// House rules of boards, beside those of Grafana's dashboard-linter in queries.test.ts.

/** The questions that somebody on duty has, by the board that answers each. */
const questions = {
  overview: 'what is wrong at all',
  host: 'the machine',
  gpu: 'the cards',
  postgres: 'the database',
  ollama: 'Ollama and models',
  realtime: 'the realtime bridge',
  aura: 'HTTP and process',
  governance: 'governance and security',
  slo: 'alerts and promises',
  prometheus: 'Prometheus and exporters',
}

test.each(Object.keys(questions))('there is a board %s', (name) => {
  expect(boards.map((board) => board.name)).toContain(name)
})

const panels = (board: Board): readonly Panel[] => board.rows.flatMap((row) => row.panels)
const alerts = ruleGroups.flatMap((group) => group.alerts)

/** Numbers that conditions compare with; windows, label values and names have none that count. */
const numbersIn = (expr: string): number[] =>
  [...expr.replaceAll(/"[^"]*"|\[[^\]]*\]|[a-zA-Z_:][\w:]*/g, ' ').matchAll(/-?\d+(?:\.\d+)?(?:e-?\d+)?/g)].map(Number)

const valuesOf = (tree: object): number[] =>
  Object.values(tree).flatMap((value: unknown) =>
    typeof value === 'number' ? [value] : typeof value === 'object' && value !== null ? valuesOf(value) : [],
  )

const known = [...valuesOf(limits), ...alerts.flatMap(({ expr }) => numbersIn(expr))]
/** A limit, or what is left up to the whole where a board draws what is used and an alert looks at what is free. */
const isKnown = (value: number): boolean =>
  known.some((each) => Math.abs(each - value) < 1e-9 || Math.abs(1 - each - value) < 1e-9)
/** One is one too many; of a rate, anything at all. */
const anyAtAll = new Set([1, 0.001])

const fits = (value: number): boolean => anyAtAll.has(value) || isKnown(value)

/** Edges where values become bad that no alert knows; and earlier ones that stand alone, or behind the bad ones. */
function strangeEdges({ threshold }: Panel): number[] {
  const { look, bad, below = false } = threshold ?? {}
  const early = look !== undefined && bad !== undefined && (below ? look > bad : look < bad)
  return [
    ...(bad === undefined || fits(bad) ? [] : [bad]),
    ...(look === undefined || early || fits(look) ? [] : [look]),
  ]
}

describe.each(boards.map((board) => [board.name, board] as const))('%s', (name, board) => {
  const json = renderBoard(board)

  test('is redrawn by itself and starts with the last hours', () => {
    expect(json.refresh).toMatch(/^(30s|1m)$/)
    expect(json.time).toMatchObject({ from: expect.stringMatching(/^now-(1|6|24)h$/), to: 'now' })
  })

  test('restarts and other versions are drawn into it, or it says why not', () => {
    const drawn = new Set((json.annotations.list ?? []).map((annotation) => annotation.name))
    expect(drawn.has('Restarts'), 'restarts').toBe(!(name in withoutRestarts))
    expect(drawn.has('Versions'), 'versions').toBe(!(name in withoutVersions))
  })

  test.skipIf(name in withoutAlerts)('thresholds are where alerts begin', () => {
    const strange = panels(board).flatMap((panel) =>
      strangeEdges(panel).map((edge) => `${name}: ${panel.title} at ${edge}`),
    )
    expect(strange.filter((line) => !(line in thresholdsWithoutAlert))).toEqual([])
  })

  test('thresholds are drawn', () => {
    for (const [at, panel] of panels(board).entries()) {
      if (panel.threshold === undefined) continue
      const { thresholds, custom } = panelsOf(json)[at]?.fieldConfig.defaults ?? {}
      const edges = [panel.threshold.look, panel.threshold.bad].filter((edge) => edge !== undefined)
      expect((thresholds as { steps: unknown[] }).steps, panel.title).toHaveLength(edges.length + 1)
      if (panel.kind === 'time') expect(custom, panel.title).toMatchObject({ thresholdsStyle: { mode: 'dashed' } })
    }
  })

  test('windows follow the screen, or are named in the title', () => {
    const names: Readonly<Record<string, RegExp>> = { '1h': /hour/ }
    for (const { title, targets } of panelsOf(json))
      for (const [, window = ''] of targets.flatMap(({ expr }) => Array.from(expr.matchAll(/\[([^\]]*)\]/g))))
        if (!/^\$__(rate_interval|range)$/.test(window)) expect(title).toMatch(names[window] ?? window)
  })

  test('latencies have exemplars, nothing else has', () => {
    for (const { title, targets } of panelsOf(json))
      for (const { expr, exemplar } of targets) expect(exemplar === true, title).toBe(/_bucket\b/.test(expr))
  })

  test('links of panels keep time, data source and instances', () => {
    for (const { url = '' } of panelsOf(json).flatMap((panel) => panel.links ?? [])) {
      expect(url).toContain('${__url_time_range}')
      expect(url).toContain('${datasource:queryparam}')
      expect(url).toContain('${instance:queryparam}')
    }
  })

  test('shares have the whole axis', () => {
    const shares = panels(board).filter((panel) => panel.kind !== 'table' && panel.unit === 'percentunit')
    expect(shares.filter((panel) => panel.min !== 0).map(({ title }) => title)).toEqual([])
  })
})

test('exceptions are still needed', () => {
  const strange = boards.flatMap((board) =>
    (board.name in withoutAlerts ? [] : panels(board)).flatMap((panel) =>
      strangeEdges(panel).map((edge) => `${board.name}: ${panel.title} at ${edge}`),
    ),
  )
  expect(strange.toSorted()).toEqual(Object.keys(thresholdsWithoutAlert).toSorted())
  const names = boards.map(({ name }) => name)
  expect(names).toEqual(
    expect.arrayContaining(Object.keys({ ...withoutRestarts, ...withoutVersions, ...withoutAlerts })),
  )
})
