import { createEffect, createRoot } from 'solid-js'
import { expect, it } from 'vitest'
import { createTestTab, type TestTab } from './support/server.ts'

const live = ({ tell, clock }: TestTab, more = {}): void =>
  tell({ t: 'connection', connection: { state: 'live', since: clock.now(), transport: 'websocket', ...more } })

const followed = ({ said }: TestTab) =>
  said.filter(({ t }) => t === 'follow').map((message) => message.t === 'follow' && message.topics)

it('follows a topic as long as anyone does', () => {
  const tab = createTestTab()
  const [first, second] = [1, 2].map(() =>
    createRoot((dispose) => {
      tab.realtime.subscribe('system')
      return dispose
    }),
  )
  expect(followed(tab)).toEqual([['system']])
  first?.()
  expect(followed(tab)).toEqual([['system']])
  second?.()
  expect(followed(tab)).toEqual([['system'], []])
})

it('assembles the state, and touches only what a delta changes', () => {
  const tab = createTestTab()
  const seen: string[] = []
  createRoot(() => {
    const system = tab.realtime.subscribe('system')
    createEffect(() => seen.push(`cpu ${system().value?.cpu?.busy}`))
    createEffect(() => seen.push(`load ${system().value?.load?.load1}`))
  })
  live(tab)
  const ts = tab.clock.now()
  tab.tell({
    t: 'state',
    topic: 'system',
    state: { value: { cpu: { busy: 0.1 }, load: { load1: 1 } }, ts, skipped: 2 },
  })
  tab.tell({ t: 'payload', topic: 'system', payload: { k: 'delta', s: 'load', ts: ts + 5, v: { load1: 3 } } })
  tab.tell({ t: 'payload', topic: 'system', payload: { k: 'delta', s: 'load', ts: ts + 6, v: { load1: 3 } } })
  expect(seen).toEqual(['cpu undefined', 'load undefined', 'cpu 0.1', 'load 1', 'load 3'])
  expect(tab.realtime.newest()).toBe(ts + 6)
  expect(tab.realtime.skipped()).toBe(2)
})

it('marks values as stale: cut off, or too old', () => {
  const tab = createTestTab()
  const system = createRoot(() => tab.realtime.subscribe('system'))
  expect(system().stale).toBe(true)
  live(tab)
  tab.tell({ t: 'state', topic: 'system', state: { value: {}, ts: tab.clock.now(), skipped: 0 } })
  expect(system().stale).toBe(false)
  tab.clock.pass(12_000)
  expect(system().stale).toBe(true)
  tab.tell({ t: 'payload', topic: 'system', payload: { k: 'delta', s: 'a', ts: tab.clock.now(), v: 1 } })
  expect(system().stale).toBe(false)
  tab.tell({ t: 'connection', connection: { state: 'recovering', since: 0 } })
  expect(system().stale).toBe(true)
})

it('reckons with a server whose clock is another', () => {
  const tab = createTestTab()
  const system = createRoot(() => tab.realtime.subscribe('system'))
  live(tab, { clockOffset: 60_000 })
  tab.tell({ t: 'state', topic: 'system', state: { value: {}, ts: tab.clock.now() + 60_000, skipped: 0 } })
  expect(system().ts).toBe(tab.clock.now())
})

it('tells no right from no topic', () => {
  const tab = createTestTab()
  const system = createRoot(() => tab.realtime.subscribe('system'))
  tab.tell({ t: 'state', topic: 'system', state: { value: undefined, ts: undefined, skipped: 0, problem: 'denied' } })
  expect([system().denied, system().unavailable]).toEqual([true, false])
})
