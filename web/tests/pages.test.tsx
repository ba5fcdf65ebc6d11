import { render } from 'solid-js/web'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { FeatureName } from '../../src/features/contracts.ts'
import { answer } from '../../tests/web/connections/answer.ts'
import { away, empty, status } from '../../tests/web/models/status.ts'
import { alerts, database, databaseDown, failing, noon, system, withGpu } from '../../tests/web/monitor/readings.ts'
import { App } from '../src/app.tsx'
import { createTestTab, type TestTab } from './support/server.ts'

let tab: TestTab
let dispose: () => void
let reply: () => Response
const text = () => (document.body.textContent ?? '').replaceAll('\u{a0}', ' ')
const json =
  (body: unknown, code = 200) =>
  () =>
    new Response(JSON.stringify(body), { status: code })

beforeEach(() => {
  reply = json({ times: [], series: {} })
  vi.stubGlobal('fetch', async () => reply())
  tab = createTestTab()
})
afterEach(() => {
  dispose()
  vi.unstubAllGlobals()
  localStorage.clear()
  sessionStorage.clear()
})

async function open(path: string, title: string): Promise<void> {
  history.replaceState(null, '', path)
  dispose = render(() => <App realtime={tab.realtime} />, document.body)
  await expect.poll(() => document.querySelector('h1')?.textContent, { timeout: 10_000 }).toBe(title)
  tab.tell({ t: 'connection', connection: { state: 'live', since: noon } })
}

const tell = (topic: FeatureName, value: object, more: { readonly ts?: number } = {}) =>
  tab.tell({
    t: 'state',
    topic,
    state: { value: { ...value }, ts: tab.clock.now(), skipped: 0, ...more },
  })

it('Monitor shows this machine, its database and its alerts, and no GPU where there is none', async () => {
  await open('/', 'Monitor')
  expect(text()).toContain('Waiting for the first numbers')
  tell('system', system)
  tell('database', database)
  tell('alerts', alerts)
  for (const words of ['42 %', '/data · 8.00 GiB free', 'GpuHot', '2 firing, 1 pending.', 'process 101']) {
    await expect.poll(text, { timeout: 4000 }).toContain(words)
  }
  expect(text()).not.toContain('GPU:')
  // There is no canvas here: the page lives on without.
  await expect.poll(text, { timeout: 4000 }).toContain('the table has its numbers')
  expect(document.querySelectorAll('.tile')).toHaveLength(10)
})

it('Monitor shows a GPU with its processes and their models', async () => {
  await open('/', 'Monitor')
  tell('system', withGpu)
  for (const words of ['GPU: RTX 4090', '83 %', 'limit 450 W', 'llama3.2:latest']) {
    await expect.poll(text, { timeout: 4000 }).toContain(words)
  }
})

it('Monitor says when the database is down, and marks what it knew as stale', async () => {
  await open('/', 'Monitor')
  tell('database', databaseDown)
  await expect.poll(text, { timeout: 4000 }).toContain('The database is down')
  expect(text()).toContain('connection refused')
  expect(document.querySelectorAll('.stat[data-stale]').length).toBeGreaterThan(5)
})

it('Monitor names a source that fails, with its reason', async () => {
  await open('/', 'Monitor')
  tell('system', failing)
  expect(text()).toContain('hwmon: no answer within 2.5 s')
})

it('Monitor marks what is older than it should be', async () => {
  await open('/', 'Monitor')
  tell('system', system, { ts: tab.clock.now() - 60_000 })
  expect(text()).toContain('These numbers are old')
  expect(document.querySelectorAll('.tile[data-stale]')).toHaveLength(10)
})

it('Monitor says what it takes to see it', async () => {
  await open('/', 'Monitor')
  const state = { value: undefined, ts: undefined, skipped: 0, problem: 'denied' } as const
  tab.tell({ t: 'state', topic: 'system', state })
  expect(text()).toContain('capability system:read')
})

it('waits until every key of the first reading has arrived', async () => {
  await open('/', 'Monitor')
  const { gpus: _, ...some } = system
  tell('system', some)
  expect(text()).toContain('Waiting for the first numbers')
  tell('system', system)
  expect(text()).toContain('42 %')
})

it('Models shows what is loaded and installed', async () => {
  await open('/models', 'Models')
  tell('models', status)
  for (const words of [
    '25 % (1.00 GiB) spilled to the CPU',
    'never, pinned',
    '8192 tokens',
    'nomic-embed-text:latest',
  ]) {
    expect(text()).toContain(words)
  }
})

it('Models keeps what it knew while Ollama is away, marked stale', async () => {
  await open('/models', 'Models')
  tell('models', away)
  expect(text()).toContain('Ollama is away')
  expect(text()).toContain('qwen3:8b')
  expect(document.querySelectorAll('.stat[data-stale]').length).toBeGreaterThan(3)
})

it('Models says how to get the first model', async () => {
  await open('/models', 'Models')
  tell('models', empty)
  expect(text()).toContain('ollama pull llama3.2')
})

it('Connections lists who is connected, with totals', async () => {
  reply = json(answer)
  await open('/settings/connections', 'Connections')
  await expect.poll(text).toContain('0198a5b2…')
  for (const words of ['2 WebSocket, 1 SSE', '2400 ms, 7 messages', 'system, alerts', 'of 900 published']) {
    expect(text()).toContain(words)
  }
})

it('Connections says what it takes to see them, and why they cannot be read', async () => {
  reply = json({ error: { code: 'FORBIDDEN', message: 'no' } }, 403)
  await open('/settings/connections', 'Connections')
  await expect.poll(text).toContain('connections:read')
})
