import { lazy, type Component } from 'solid-js'

export type PageName = 'monitor' | 'models' | 'connections'

/** Every page of the console, loaded when first opened. */
export const pages: Readonly<Record<PageName, Component>> = {
  monitor: lazy(async () => ({ default: (await import('./monitor/page.tsx')).Page })),
  models: lazy(async () => ({ default: (await import('./models/page.tsx')).Page })),
  connections: lazy(async () => ({ default: (await import('./connections/page.tsx')).Page })),
}
