import type { Board } from './board.ts'
import { annotationsOf, linksOf, tag, variablesOf } from './frame.ts'
import type { BoardJson, PanelJson, RowJson } from './grafana.ts'
import { columns, layOut } from './layout.ts'
import { renderPanel } from './render-panel.ts'

/** A heading and its panels, numbered on from `id`; those of a collapsed row lie inside it. */
function renderRow({ title, panels, collapsed }: Board['rows'][number], id: number, top: number) {
  const { places, bottom } = layOut(panels, top + 1)
  const inside = panels.flatMap((panel, at): PanelJson[] => {
    const place = places[at]
    return place === undefined ? [] : [renderPanel(panel, id + 1 + at, place)]
  })
  const heading: RowJson = {
    id,
    type: 'row',
    title,
    collapsed,
    gridPos: { x: 0, y: top, w: columns, h: 1 },
    panels: collapsed ? inside : [],
  }
  return { parts: collapsed ? [heading] : [heading, ...inside], bottom: collapsed ? top + 1 : bottom }
}

/** The board as Grafana reads it; the order of rows and panels numbers them. */
export function renderBoard(board: Board): BoardJson {
  const panels: (PanelJson | RowJson)[] = []
  let [top, id] = [0, 1]
  for (const row of board.rows) {
    const { parts, bottom } = renderRow(row, id, top)
    panels.push(...parts)
    id += 1 + row.panels.length
    top = bottom
  }
  return {
    uid: `aura-${board.name}`,
    title: board.title,
    description: board.question,
    tags: [tag],
    timezone: 'browser',
    editable: false,
    graphTooltip: 1,
    schemaVersion: 42,
    version: 1,
    time: { from: `now-${board.range ?? '1h'}`, to: 'now' },
    refresh: board.refresh ?? '30s',
    timepicker: { refresh_intervals: ['15s', '30s', '1m', '5m', '15m', '1h'] },
    links: linksOf(),
    annotations: { list: annotationsOf(board) },
    templating: { list: variablesOf(board) },
    panels,
  }
}

/** Text of `grafana/dashboards/<name>.json`. */
export const boardFile = (board: Board): string => `${JSON.stringify(renderBoard(board), null, 2)}\n`
