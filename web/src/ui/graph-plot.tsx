import { createEffect, createSignal, on, onCleanup, onMount } from 'solid-js'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { columns, graphOptions, type Palette } from './graph-options.ts'
import type { GraphProps } from './graph-props.ts'

/** What the tokens come to here; a custom property itself reads back as it was written, `light-dark(…)` and all. */
function readPalette(element: Element): Palette {
  const probe = element.appendChild(document.createElement('span'))
  const token = (name: string) => {
    probe.style.color = `var(${name})`
    return getComputedStyle(probe).color
  }
  const palette: Palette = {
    text: token('--muted'),
    grid: token('--graph-grid'),
    font: `11px ${getComputedStyle(element).fontFamily}`,
    series: [1, 2, 3, 4, 5, 6].map((index) => token(`--series-${index}`)),
    warning: token('--warning'),
    critical: token('--critical'),
  }
  probe.remove()
  return palette
}

/** Calls back when the colours of the page change: the system's theme, its contrast, or the person's choice. */
function watchTheme(changed: () => void): () => void {
  const queries = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) => matchMedia(query))
  for (const query of queries) query.addEventListener('change', changed)
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => {
    observer.disconnect()
    for (const query of queries) query.removeEventListener('change', changed)
  }
}

/** The plot itself. It is made anew when its lines or the theme change, and only given data otherwise. */
export function GraphPlot(props: GraphProps) {
  const [theme, setTheme] = createSignal(0)
  const [box, setBox] = createSignal<HTMLDivElement>()
  let plot: uPlot | undefined
  const labels = () => props.series.map(({ label }) => label).join('\n')
  const make = (element: HTMLDivElement) => {
    plot?.destroy()
    plot = new uPlot(
      graphOptions(props, readPalette(element), Math.max(200, element.clientWidth)),
      columns(props),
      element,
    )
  }
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
  createEffect(on([box, theme, labels, () => props.height], ([element]) => element !== undefined && make(element)))
  createEffect(
    on([() => props.times, () => props.series, () => props.from, () => props.to], () => plot?.setData(columns(props)), {
      defer: true,
    }),
  )
  onCleanup(() => plot?.destroy())
  return <div ref={setBox} class="graph-plot" role="img" aria-label={`${props.title}; the table has the numbers`} />
}
