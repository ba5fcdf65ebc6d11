import { describe, expect, test } from 'vitest'
import { boards } from '../../dashboards/boards/index.ts'
import { columns } from '../../dashboards/lib/layout.ts'
import type { PanelJson, RowJson } from '../../dashboards/lib/grafana.ts'
import { panelsOf } from '../boards/panels.ts'
import { renderBoard } from '../../dashboards/lib/render.ts'
import { ruleGroups } from '../../dashboards/rules/index.ts'
import { allUnits } from '../../dashboards/lib/unit.ts'

const panelTypes = new Set(['stat', 'timeseries', 'bargauge', 'state-timeline', 'heatmap', 'table'])
const alerts = ruleGroups.flatMap((group) => group.alerts)

const isRow = (panel: PanelJson | RowJson): panel is RowJson => panel.type === 'row'
const repeated = <T>(items: readonly T[]): T[] => items.filter((item, at) => items.indexOf(item) !== at)

type Box = NonNullable<PanelJson['gridPos']>
const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h

/** Description, units, words for nothing, and refIds. */
function expectWhole({ type, description, targets, options, fieldConfig: { defaults, overrides } }: PanelJson): void {
  expect(panelTypes).toContain(type)
  // What is shown, what is normal, what to do.
  expect(description).toMatch(/^.{15,}\n\n\*\*Normal:\*\* .+\n\n\*\*If not:\*\* .+$/)
  const properties = overrides.flatMap((override) => override.properties)
  const units = properties.filter(({ id }) => id === 'unit').map(({ value }) => value)
  for (const unit of [defaults['unit'], ...units]) expect(allUnits).toContain(unit)
  expect(defaults['noValue']).toMatch(/\w/)
  expect(targets.length).toBeGreaterThan(0)
  expect(targets.map(({ refId }) => refId)).toEqual(targets.map((_target, at) => String.fromCodePoint(65 + at)))
  if (type === 'timeseries') expect(options).toMatchObject({ legend: { showLegend: true } })
}

test('names, titles and uids are unique and short', () => {
  expect(repeated(boards.map(({ name }) => name))).toEqual([])
  expect(repeated(boards.map(({ title }) => title))).toEqual([])
  for (const { name } of boards) expect(`aura-${name}`).toMatch(/^[a-z-]{6,40}$/)
})

test('the boards that panels lead to exist', () => {
  const named = boards.flatMap(({ rows }) => rows.flatMap(({ panels }) => panels.flatMap(({ board }) => board ?? [])))
  expect(named.length).toBeGreaterThan(5)
  expect(boards.map(({ name }) => name)).toEqual(expect.arrayContaining(named))
})

test.each([...new Set(alerts.map(({ board }) => board))])('the board %s that alerts lead to exists', (board) => {
  expect(boards.map(({ name }) => name)).toContain(board)
})

describe.each(boards.map((board) => [board.name, renderBoard(board)] as const))('%s', (_name, board) => {
  const rows = board.panels.filter(isRow)
  const panels = panelsOf(board)

  test('ids are unique numbers from 1', () => {
    const ids = [...rows, ...panels].map(({ id }) => id)
    expect(ids.toSorted((a, b) => a - b)).toEqual(ids.map((_id, at) => at + 1))
  })

  test('panels lie within the grid and not on each other', () => {
    const open = board.panels.map(({ gridPos }) => gridPos as Box)
    for (const list of [open, ...rows.map((row) => row.panels.map(({ gridPos }) => gridPos))]) {
      for (const [at, box] of list.entries()) {
        expect(box.x + box.w).toBeLessThanOrEqual(columns)
        expect(list.slice(at + 1).filter((other) => overlap(box, other))).toEqual([])
      }
    }
  })

  test('at most twenty panels are open', () => {
    expect(board.panels.filter((panel) => !isRow(panel)).length).toBeLessThanOrEqual(20)
  })

  test('titles are unique: faults are told by them', () => {
    expect(repeated(panels.map(({ title }) => title))).toEqual([])
  })

  test('variables that are used are declared, and those declared are used', () => {
    const declared = (board.templating.list ?? []).map(({ name }) => name)
    const text = JSON.stringify([board.panels, board.annotations, board.templating])
    const used = [...text.matchAll(/\$\{?([a-z]\w*)/g)].map(([, name]) => name)
    expect([...new Set(used)].toSorted()).toEqual(declared.toSorted())
  })

  test('links go to all boards with time and variables', () => {
    expect(board.links).toMatchObject([{ asDropdown: true, keepTime: true, includeVars: true, tags: board.tags }])
  })

  test('alerts are drawn into it, the crosshair is shared', () => {
    expect(board.annotations.list?.some(({ expr }) => expr?.includes('ALERTS'))).toBe(true)
    expect(board.graphTooltip).toBe(1)
  })

  test.each(panels.map((panel) => [panel.title, panel] as const))('%s', (_title, panel) => expectWhole(panel))
})
