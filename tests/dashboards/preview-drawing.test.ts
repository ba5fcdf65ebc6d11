import { describe, expect, test } from 'vitest'
import { boards } from '../../dashboards/boards/index.ts'
import { renderBoard } from '../../dashboards/lib/render.ts'
import type { Panel, Row } from '../../dashboards/preview/core/board.ts'
import { apart } from '../../dashboards/preview/core/buckets.ts'
import { ofPanels, plain } from '../../dashboards/preview/core/field-settings.ts'
import { bottomOf, placeParts } from '../../dashboards/preview/core/grid.ts'
import { spansOf } from '../../dashboards/preview/core/spans.ts'
import { viridis } from '../../dashboards/preview/core/viridis.ts'
import { panelsOf } from '../boards/panels.ts'

const rendered = boards.map((board) => [board.name, renderBoard(board)] as const)

const panel = (id: number, x: number, y: number, h = 8): Panel => ({
  id,
  type: 'stat',
  title: '',
  gridPos: { x, y, w: 12, h },
  targets: [],
  options: {},
  fieldConfig: { defaults: {}, overrides: [] },
})
const row = (id: number, y: number, panels: Panel[]): Row => ({
  id,
  type: 'row',
  title: '',
  collapsed: true,
  gridPos: { x: 0, y, w: 24, h: 1 },
  panels,
})
describe('the grid', () => {
  const parts = [row(1, 0, [panel(2, 0, 1), panel(3, 12, 1)]), row(4, 1, [panel(5, 0, 2, 4)])]
  const ids = (open: readonly number[]) => placeParts(parts, (id) => open.includes(id), 1000).map(({ part }) => part.id)

  test('an open row pushes what is below it down by its panels', () => {
    expect(ids([])).toEqual([1, 4])
    const placed = placeParts(parts, () => true, 1000)
    expect(placed.map(({ part, top }) => [part.id, top])).toEqual([
      [1, 0],
      [2, 38],
      [3, 38],
      [4, 342],
      [5, 380],
    ])
    expect(bottomOf(placed)).toBe(380 + 4 * 38 - 8)
  })

  test.each(rendered)('nothing lies on something else: %s', (_name, { panels }) => {
    const placed = placeParts(panels as never, () => true, 1400)
    const clashes = placed.flatMap((one, at) =>
      placed
        .slice(at + 1)
        .filter(
          (other) =>
            one.left < other.left + other.width &&
            other.left < one.left + one.width &&
            one.top < other.top + other.height &&
            other.top < one.top + one.height,
        )
        .map((other) => [one.part.title, other.part.title]),
    )
    expect(clashes).toEqual([])
  })
})

test('neighbours with the same state become one band, and a gap ends it', () => {
  expect(spansOf([0, 10, 20, 30, 40], [1, 1, 0, null, 0], 10)).toEqual([
    { from: 0, to: 20, value: 1 },
    { from: 20, to: 30, value: 0 },
    { from: 40, to: 50, value: 0 },
  ])
})

test('cumulative buckets come apart in order of their bounds', () => {
  const found = apart([
    { bound: Infinity, counts: [5, null] },
    { bound: 0.1, counts: [2, 1] },
    { bound: 1, counts: [5, 0.9] },
  ])
  expect(found).toEqual([
    { bound: 0.1, counts: [2, 1] },
    { bound: 1, counts: [3, 0] },
    { bound: Infinity, counts: [0, null] },
  ])
})

test.each(rendered)('every field setting is known to the preview: %s', (_name, board) => {
  const known = new Set([...plain, ...ofPanels.map((name) => `custom.${name}`)])
  const used = panelsOf(board).flatMap(({ fieldConfig: { defaults, overrides } }) => {
    const general = Object.keys(defaults).filter((name) => name !== 'custom')
    const custom = Object.keys(defaults['custom'] ?? {}).map((name) => `custom.${name}`)
    return general.concat(
      custom,
      overrides.flatMap(({ properties }) => properties.map(({ id }) => id)),
    )
  })
  expect(used.filter((name) => !known.has(name))).toEqual([])
})

test('the colour map begins dark, ends yellow, and is held at its ends', () => {
  expect(viridis(0)).toBe('rgb(68, 1, 84)')
  expect(viridis(-1)).toBe(viridis(0))
  expect(viridis(2)).toBe('rgb(253, 231, 37)')
  expect(viridis(0.125)).toBe('rgb(64, 42, 112)')
})
