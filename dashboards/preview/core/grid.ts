import { isRow, type Part, type Place } from './board.ts'

/** Pixels of one row of the grid and of the gap between two, as in Grafana. */
const [cell, gap] = [30, 8]
const columns = 24

export interface Placed {
  readonly part: Part
  /** Pixels. */
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Pixels from the rows and columns of the grid, in a page so wide. */
function pixels({ x, y, w, h }: Place, width: number) {
  const column = (width + gap) / columns
  return { left: x * column, top: y * (cell + gap), width: w * column - gap, height: h * (cell + gap) - gap }
}

/** Where everything lies while the rows of these ids are open; what is in a closed one is left out. */
export function placeParts(parts: readonly Part[], isOpen: (id: number) => boolean, width: number): Placed[] {
  let pushed = 0
  return parts.flatMap((part): Placed[] => {
    const { gridPos } = part
    const own = { part, ...pixels({ ...gridPos, y: gridPos.y + pushed }, width) }
    if (!isRow(part) || part.panels.length === 0 || !isOpen(part.id)) return [own]
    const inside = part.panels.map((panel) => {
      const place = { ...panel.gridPos, y: panel.gridPos.y + pushed }
      return { part: panel, ...pixels(place, width) }
    })
    pushed += Math.max(...part.panels.map(({ gridPos: { y, h } }) => y + h)) - gridPos.y - 1
    return [own, ...inside]
  })
}

/** Pixels from the top to the end of the lowest. */
export const bottomOf = (placed: readonly Placed[]): number =>
  Math.max(0, ...placed.map(({ top, height }) => top + height))
