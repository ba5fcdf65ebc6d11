import { createSignal } from 'solid-js'
import { applyTheme, nextTheme, readTheme, type Theme } from './theme.ts'

const signs: Readonly<Record<Theme, string>> = { system: '◐', light: '☀', dark: '☾' }

/** Goes round: the system's theme, light, dark. */
export function ThemeSwitch() {
  const [theme, setTheme] = createSignal(readTheme(localStorage))
  const turn = () => {
    const next = nextTheme(theme())
    applyTheme(next, localStorage, document.documentElement)
    setTheme(next)
  }
  return (
    <button type="button" class="button-quiet theme-switch" onClick={turn} aria-label={`Theme: ${theme()}. Change`}>
      <span aria-hidden="true">{signs[theme()]}</span>
    </button>
  )
}
