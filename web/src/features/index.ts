import type { Component } from 'solid-js'
import { later } from '../ui/later.tsx'

export type PageName = 'monitor' | 'models' | 'connections' | 'account' | 'signIn' | 'setup' | 'governance'

/** Every page of the console, loaded when first opened. */
export const pages: Readonly<Record<PageName, Component>> = {
  monitor: later(async () => (await import('./monitor/page.tsx')).Page),
  models: later(async () => (await import('./models/page.tsx')).Page),
  connections: later(async () => (await import('./connections/page.tsx')).Page),
  account: later(async () => (await import('./account/page.tsx')).Page),
  signIn: later(async () => (await import('./account/sign-in.tsx')).Page),
  setup: later(async () => (await import('./account/setup.tsx')).Page),
  governance: later(async () => (await import('./governance/page.tsx')).Page),
}
