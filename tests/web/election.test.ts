import { describe, expect, it } from 'vitest'
import type { Channel } from '../../web/src/realtime/channel.ts'
import { openElection, type Ballot } from '../../web/src/realtime/election.ts'
import type { Clock } from '../../web/src/realtime/clock.ts'
import type { OpenLink } from '../../web/src/realtime/link.ts'
import { createRoom, type Room } from '../../web/src/realtime/room.ts'
import { createSession } from '../../web/src/realtime/session.ts'
import type { ToTab } from '../../web/src/realtime/share.ts'
import { createFakeClock } from './support/fake-clock.ts'
import { createFakeLinks } from './support/fake-links.ts'

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

const roomOn = (clock: Clock, openLink: OpenLink): Room =>
  createRoom({
    clock,
    lasting: new Set(),
    openSession: (events) =>
      createSession(
        { clock, openLink, random: Math.random, reachable: async () => true, staleAfter: () => undefined },
        events,
      ),
  })

/** A browser without shared workers: its broadcast channel, its one lock, its tabs. */
function createBrowser() {
  const clock = createFakeClock()
  const links = createFakeLinks()
  const radios = new Map<string, ((event: MessageEvent) => void)[]>()
  const queue: { tab: string; lead: () => void }[] = []
  const gone = new Map<string, () => void>()

  const ballot = (tab: string): Ballot => {
    const listeners: ((event: MessageEvent) => void)[] = []
    radios.set(tab, listeners)
    return {
      radio: {
        postMessage(data: unknown) {
          for (const [other, others] of radios)
            if (other !== tab) for (const listen of others) listen({ data: structuredClone(data) } as MessageEvent)
        },
        addEventListener: (_type: string, listen: unknown) => void listeners.push(listen as () => void),
        close: () => radios.delete(tab),
      },
      elected(lead) {
        queue.push({ tab, lead })
        if (queue.length === 1) lead()
      },
      whenGone: (other, told) => void gone.set(other, told),
      openRoom: async () => roomOn(clock, links.open),
    }
  }
  return {
    links,
    open(tab: string): { got: ToTab[]; channel: Channel } {
      const got: ToTab[] = []
      const channel: Channel = openElection(ballot(tab))(tab, {
        message: (message) => got.push(message),
        // The first may come before the channel is handed back, as from a leader that answers at once.
        ready: () => queueMicrotask(() => channel.send({ t: 'hello', visible: true, topics: ['system'] })),
      })
      return { got, channel }
    },
    /** The tab dies without a word: its lock and its lead are free. */
    kill(tab: string) {
      radios.delete(tab)
      gone.get(tab)?.()
      const wasLeader = queue[0]?.tab === tab
      queue.splice(0, queue.length, ...queue.filter((entry) => entry.tab !== tab))
      if (wasLeader) queue[0]?.lead()
    },
  }
}

describe('tabs without a shared worker', () => {
  it('have one link among them', async () => {
    const browser = createBrowser()
    const leader = browser.open('a')
    await settle()
    const other = browser.open('b')
    await settle()
    expect(browser.links.links).toHaveLength(1)
    browser.links.last().events.open(undefined)
    browser.links.last().events.message('system', { k: 'snap', ts: 1, v: { cpu: 1 } }, 1)
    for (const { got } of [leader, other]) expect(got.at(-1)).toMatchObject({ t: 'payload', topic: 'system' })
  })

  it('go on when the leader dies, with a link of the next one', async () => {
    const browser = createBrowser()
    browser.open('a')
    await settle()
    const second = browser.open('b')
    const third = browser.open('c')
    await settle()
    browser.kill('a')
    await settle()
    expect(browser.links.links).toHaveLength(2)
    browser.links.last().events.open(undefined)
    browser.links.last().events.message('system', { k: 'snap', ts: 1, v: { cpu: 7 } }, 1)
    for (const { got } of [second, third])
      expect(got.at(-1)).toMatchObject({ t: 'payload', payload: { v: { cpu: 7 } } })
  })

  it('forget a tab that dies: its topics are followed no more', async () => {
    const browser = createBrowser()
    const leader = browser.open('a')
    browser.open('b')
    await settle()
    leader.channel.send({ t: 'follow', topics: [] })
    expect([...browser.links.last().topics.keys()]).toEqual(['system'])
    browser.kill('b')
    expect([...browser.links.last().topics.keys()]).toEqual([])
  })
})
