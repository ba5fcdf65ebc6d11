/** Colours and type, read from the design tokens, because a canvas knows no CSS. */
export interface Palette {
  readonly text: string
  readonly grid: string
  readonly font: string
  readonly series: readonly string[]
  readonly warning: string
  readonly critical: string
}

const queries = ['(prefers-color-scheme: dark)', '(forced-colors: active)']

/** What the tokens come to here; a custom property itself reads back as it was written, `light-dark(…)` and all. */
function read(element: Element): Palette {
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

let known: { readonly theme: string; readonly palette: Palette } | undefined

/** The palette of the page's present theme. Reading it makes the browser lay the page out: once for all graphs. */
export function readPalette(element: Element): Palette {
  const theme = [document.documentElement.dataset['theme'], ...queries.map((query) => matchMedia(query).matches)].join()
  if (known?.theme !== theme) known = { theme, palette: read(element) }
  return known.palette
}

/** Calls back when the colours of the page change: the system's theme, its contrast, or the person's choice. */
export function watchTheme(changed: () => void): () => void {
  const lists = queries.map((query) => matchMedia(query))
  for (const list of lists) list.addEventListener('change', changed)
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => {
    observer.disconnect()
    for (const list of lists) list.removeEventListener('change', changed)
  }
}
