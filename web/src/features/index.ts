import { lazy, type Component } from 'solid-js'

export type PageName = 'monitor' | 'models' | 'connections' | 'account' | 'signIn' | 'setup' | 'governance'

/** Every page of the console, loaded when first opened. */
export const pages: Readonly<Record<PageName, Component>> = {
  monitor: lazy(async () => ({ default: (await import('./monitor/page.tsx')).Page })),
  models: lazy(async () => ({ default: (await import('./models/page.tsx')).Page })),
  connections: lazy(async () => ({ default: (await import('./connections/page.tsx')).Page })),
  account: lazy(async () => ({ default: (await import('./account/page.tsx')).Page })),
  signIn: lazy(async () => ({ default: (await import('./account/sign-in.tsx')).Page })),
  setup: lazy(async () => ({ default: (await import('./account/setup.tsx')).Page })),
  governance: lazy(async () => ({ default: (await import('./governance/page.tsx')).Page })),
}
