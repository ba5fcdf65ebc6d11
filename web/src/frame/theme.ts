export type Theme = 'system' | 'light' | 'dark'

const key = 'aura.theme'

/** The person's choice, or the system's. */
export function readTheme(storage: Pick<Storage, 'getItem'>): Theme {
  const stored = storage.getItem(key)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

/** Keeps the choice and shows it. */
export function applyTheme(theme: Theme, storage: Pick<Storage, 'setItem' | 'removeItem'>, root: HTMLElement): void {
  if (theme === 'system') {
    storage.removeItem(key)
    delete root.dataset['theme']
  } else {
    storage.setItem(key, theme)
    root.dataset['theme'] = theme
  }
}

const order: readonly Theme[] = ['system', 'light', 'dark']

export const nextTheme = (theme: Theme): Theme => order[(order.indexOf(theme) + 1) % order.length] ?? 'system'
