import { beforeEach, expect, it } from 'vitest'
import { createRoom, type Room, type Seat } from '../../web/src/realtime/room.ts'
import { createSession } from '../../web/src/realtime/session.ts'
import type { ToTab } from '../../web/src/realtime/share.ts'
import { createFakeClock, type FakeClock } from './support/fake-clock.ts'
import { createFakeLinks } from './support/fake-links.ts'

let clock: FakeClock
let links: ReturnType<typeof createFakeLinks>
let room: Room

interface Tab {
  readonly seat: Seat
  readonly got: ToTab[]
}

function join(topics: readonly string[], visible = true): Tab {
  const got: ToTab[] = []
  const seat = room.join((message) => got.push(structuredClone(message)))
  seat.receive({ t: 'hello', visible, topics })
  return { seat, got }
}

const followed = (): string[] => [...links.last().topics.keys()].toSorted()

beforeEach(() => {
  clock = createFakeClock()
  links = createFakeLinks()
  room = createRoom({
    clock,
    lasting: new Set(['alerts']),
    openSession: (events) =>
      createSession(
        { clock, openLink: links.open, random: Math.random, reachable: async () => true, staleAfter: () => undefined },
        events,
      ),
  })
})

it('share one link, which follows what any of them wants', () => {
  const first = join(['system', 'alerts'])
  join(['models'])
  expect(links.links).toHaveLength(1)
  expect(followed()).toEqual(['alerts', 'models', 'system'])
  first.seat.receive({ t: 'follow', topics: ['alerts'] })
  expect(followed()).toEqual(['alerts', 'models'])
})

it('get the state of a topic when they come, then only the payloads of their topics', () => {
  const first = join(['system'])
  links.last().events.open(undefined)
  links.last().events.message('system', { k: 'snap', ts: 1, v: { cpu: 1 } }, 1)
  const late = join(['system'])
  expect(late.got).toContainEqual({ t: 'state', topic: 'system', state: { value: { cpu: 1 }, ts: 1, skipped: 0 } })
  expect(late.got[0]).toMatchObject({ t: 'connection', connection: { state: 'live' } })
  const other = join(['models'])
  links.last().events.message('system', { k: 'delta', s: 'cpu', ts: 2, v: 2 }, 2)
  const payload = { t: 'payload', topic: 'system', payload: { k: 'delta', s: 'cpu', ts: 2, v: 2 } }
  expect(first.got.at(-1)).toEqual(payload)
  expect(late.got.at(-1)).toEqual(payload)
  expect(other.got).not.toContainEqual(payload)
})

it('rest after half a minute out of sight, all but their alerts, and wake when shown', () => {
  const tab = join(['system', 'alerts'])
  tab.seat.receive({ t: 'visible', visible: false })
  clock.pass(29_000)
  expect(followed()).toEqual(['alerts', 'system'])
  clock.pass(2000)
  expect(followed()).toEqual(['alerts'])
  tab.seat.receive({ t: 'visible', visible: true })
  expect(followed()).toEqual(['alerts', 'system'])
})

it('keep a topic while one of them is looked at', () => {
  join(['system'])
  join(['system'], false)
  clock.pass(60_000)
  expect(followed()).toEqual(['system'])
})

it('close the link when the last one leaves, and leave nothing behind', () => {
  const first = join(['system'])
  const second = join(['system'], false)
  first.seat.receive({ t: 'bye' })
  expect(links.last().closed).toBe(false)
  second.seat.leave()
  second.seat.leave()
  expect(links.last().closed).toBe(true)
  expect(clock.waiting).toBe(0)
  first.seat.receive({ t: 'hello', visible: true, topics: ['system'] })
  expect(links.links).toHaveLength(2)
})

it('hear why a topic stays empty', () => {
  const tab = join(['system'])
  links.last().events.open(undefined)
  links.last().events.turnedAway('system', 103)
  expect(tab.got.at(-1)).toMatchObject({ t: 'state', topic: 'system', state: { problem: 'denied' } })
})

it('are not heard before they say hello', () => {
  const seat = room.join(() => undefined)
  seat.receive({ t: 'follow', topics: ['system'] })
  expect(links.links).toHaveLength(0)
})
