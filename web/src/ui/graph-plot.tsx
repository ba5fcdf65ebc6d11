import { createEffect, createMemo, createSignal, onCleanup, onMount, untrack } from 'solid-js'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { createDrawQueue } from './draw-queue.ts'
import { columns, graphOptions } from './graph-options.ts'
import { readPalette, watchTheme } from './graph-palette.ts'
import type { GraphProps } from './graph-props.ts'
import { createInSight } from './in-sight.ts'

// One for the page: what all graphs draw together must fit between two frames.
const queue = createDrawQueue((run) => requestAnimationFrame(run))

/** CSS pixels outside the window at which a graph is drawn already. */
const near = 200

/** The plot itself. It is made anew when its lines or the theme change, only given data otherwise, and idle out of sight. */
export function GraphPlot(props: GraphProps) {
  const [theme, setTheme] = createSignal(0)
  const [box, setBox] = createSignal<HTMLDivElement>()
  const inSight = createInSight(box, near)
  // A memo: without it every new reading would count as new lines.
  const kind = createMemo(() => [theme(), props.height, ...props.series.map(({ label }) => label)].join('\n'))
  let plot: uPlot | undefined
  let made: string | undefined
  const make = (element: HTMLDivElement) => {
    plot?.destroy()
    const width = Math.max(200, element.clientWidth)
    plot = new uPlot(graphOptions(props, readPalette(element), width), columns(props), element)
  }
  const draw = () =>
    untrack(() => {
      const element = box()
      if (element === undefined || !inSight()) return
      if (made === kind()) plot?.setData(columns(props))
      else make(element)
      made = kind()
    })
  createEffect(() => {
    const now = [kind(), props.times, props.series, props.from, props.to]
    if (inSight() && now.length > 0) queue.ask(draw)
  })
  onMount(() => {
    const sizes = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0)
      if (width > 0 && width !== plot?.width) plot?.setSize({ width, height: props.height ?? 160 })
    })
    const element = box()
    if (element !== undefined) sizes.observe(element)
    onCleanup(watchTheme(() => setTheme((count) => count + 1)))
    onCleanup(() => sizes.disconnect())
  })
  onCleanup(() => {
    queue.forget(draw)
    plot?.destroy()
  })
  return <div ref={setBox} class="graph-plot" role="img" aria-label={`${props.title}; the table has the numbers`} />
}
