import { render } from 'solid-js/web'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { App } from '../src/app.tsx'
import { createTestTab, type TestTab } from './support/server.ts'

let tab: TestTab
let dispose: () => void
const text = () => document.body.textContent ?? ''

beforeEach(() => {
  tab = createTestTab()
  history.replaceState(null, '', '/no/such/page')
  dispose = render(() => <App realtime={tab.realtime} />, document.body)
})
afterEach(() => {
  dispose()
  localStorage.clear()
  sessionStorage.clear()
})

it('frames the page: skip link, navigation, connection, who is signed in, and a page for wrong addresses', () => {
  expect(document.querySelector('a.skip-link')?.getAttribute('href')).toBe('#content')
  expect([...document.querySelectorAll('nav a')].map((link) => link.textContent)).toEqual([
    'Monitor',
    'Models',
    'Governance',
    'Connections',
  ])
  expect(document.querySelectorAll('main')).toHaveLength(1)
  expect(text()).toContain('No such page')
  expect(text()).toContain('Signed in as local')
})

it('shows the connection: state, transport, round trip, age of the data, skipped', () => {
  const ts = tab.clock.now() - 4000
  tab.tell({ t: 'connection', connection: { state: 'live', since: 0, transport: 'sse', rtt: 42, principal: 'Ada' } })
  tab.tell({ t: 'state', topic: 'system', state: { value: {}, ts, skipped: 3 } })
  const said = document.querySelector('[aria-label=Connection]')?.textContent?.replaceAll('\u{a0}', ' ')
  expect(said).toContain('Live')
  expect(said).toContain('Transportevent stream')
  expect(said).toContain('Round trip42 ms (good)')
  expect(said).toContain('Age of data4 s')
  expect(said).toContain('Skipped3')
  expect(text()).toContain('Ada')
})

it('says what is the matter, and after a refusal tries again when told to', () => {
  tab.tell({ t: 'connection', connection: { state: 'recovering', since: tab.clock.now() } })
  expect(text()).not.toContain('Connection lost')
  tab.clock.pass(5000)
  expect(text()).toContain('Connection lost')
  tab.tell({ t: 'connection', connection: { state: 'refused', since: 0, code: 3504, reason: 'connection limit' } })
  expect(document.querySelector('[role=alert]')?.textContent).toContain('Close other tabs')
  document.querySelector<HTMLButtonElement>('[role=alert] button')?.click()
  expect(tab.said.at(-1)).toEqual({ t: 'retry' })
})

it('goes round the themes and keeps the choice', () => {
  const button = document.querySelector<HTMLButtonElement>('.theme-switch')
  button?.click()
  expect(document.documentElement.dataset['theme']).toBe('light')
  button?.click()
  expect(localStorage.getItem('aura.theme')).toBe('dark')
  button?.click()
  expect(document.documentElement.dataset['theme']).toBeUndefined()
  expect(localStorage.getItem('aura.theme')).toBeNull()
})
