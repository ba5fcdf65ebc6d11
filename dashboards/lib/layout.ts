import type { Panel } from './panel.ts'

/** Where a panel lies: columns 0 to 23, rows of about 30 pixels. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** Grafana's grid. */
export const columns = 24

/** Sets panels left to right from `top` on, as long as they fit into a line; where each lies, and where the next row may begin. */
export function layOut(
  panels: readonly Panel[],
  top: number,
): { readonly places: readonly Place[]; readonly bottom: number } {
  let [x, y, lineHeight] = [0, top, 0]
  const places = panels.map(({ title, w = columns, h = 8 }): Place => {
    if (w < 1 || w > columns || h < 1) throw new Error(`"${title}" is ${w} by ${h}: that does not fit into the grid`)
    if (x + w > columns) [x, y, lineHeight] = [0, y + lineHeight, 0]
    const place = { x, y, w, h }
    x += w
    lineHeight = Math.max(lineHeight, h)
    return place
  })
  return { places, bottom: y + lineHeight }
}
