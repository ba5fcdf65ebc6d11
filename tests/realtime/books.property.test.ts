import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fakeBridge, fakeTransport } from '../support/realtime-fakes.ts'
import { someone } from '../support/realtime.ts'

const commands = fc.constantFrom(
  '{"id":1,"connect":{}}',
  '{"id":2,"subscribe":{"channel":"state"}}',
  '{"id":3,"subscribe":{"channel":"alert"}}',
  '{"id":4,"subscribe":{"channel":"event","recover":true,"epoch":"e1","offset":1}}',
  '{"id":5,"unsubscribe":{"channel":"state"}}',
  '{"id":6,"rpc":{"method":"rt","data":{"t0":1,"pos":{"state":0,"event":0}}}}',
  '{"id":7,"refresh":{}}',
  '{"id":8,"sub_refresh":{"channel":"alert"}}',
  '{"id":9,"nonsense":{}}',
  '{}',
  '{',
)
const text = fc.oneof(
  { weight: 8, arbitrary: commands },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.json() },
)

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('open' as const), who: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('feed' as const), who: fc.nat(4) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('text' as const), who: fc.nat(4), text }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('closed' as const), who: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), who: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stick' as const), who: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recheck' as const), who: fc.nat(4) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('publish' as const), who: fc.nat(4) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), who: fc.integer({ min: 1, max: 20_000 }) }) },
)

test('property 7, connection management: after any sequence of events all books return to zero', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 100 }), async (steps) => {
      let admitted = 0
      const admission = {
        admit: () => {
          if (admitted >= 4) return { code: 3504, reason: 'connection limit' }
          admitted++
          return { command: () => 'ok' as const, maxSubscriptions: 2, release: () => void admitted-- }
        },
      }
      const held = new Set(['state:read', 'event:read', 'alert:read'])
      const settings = { ttl: 30_000, subscriptionTtl: 20_000 }
      const { bridge, clock, publish, stored } = await fakeBridge({ admission, settings })
      const ends = new Map<number, { transport: ReturnType<typeof fakeTransport>; session: ReturnType<typeof open> }>()
      const open = (transport: ReturnType<typeof fakeTransport>) => bridge.open(transport, someone('ada', held))
      for (const event of steps) {
        const end = ends.get(event.who)
        if (event.do === 'open' || event.do === 'feed') {
          end?.session.closed()
          const transport = fakeTransport()
          const session = event.do === 'open' ? open(transport) : bridge.feed(transport, someone('ada', held), 'state')
          ends.set(event.who, { transport, session })
          if (event.do === 'open' && event.who > 1) session.receive('{"id":1,"connect":{}}')
        } else if (event.do === 'text') end?.session.receive(event.text)
        else if (event.do === 'closed') end?.session.closed()
        else if (event.do === 'close') end?.session.close(3000, 'enough')
        else if (event.do === 'stick' && end !== undefined) end.transport.buffered = 1e6
        else if (event.do === 'recheck') {
          if (!held.delete('state:read')) held.add('state:read')
          bridge.api.rightsChanged('ada')
        } else if (event.do === 'publish') {
          for (const topic of ['state', 'event', 'alert', 'stream']) publish(topic, 'x'.repeat(1000), `k${event.who}`)
          await stored()
        } else if (event.do === 'pass') clock.advance(event.who)
      }
      for (const { session, transport } of ends.values()) {
        session.closed()
        const before = transport.sent.length
        session.receive('{"id":2,"ping":{}}')
        session.close(3000, 'again')
        expect(transport.sent).toHaveLength(before)
      }
      clock.endTurn()
      expect(bridge.books()).toEqual({ connections: 0, subscriptions: 0, timers: 0, queues: 0 })
      expect(clock.timers).toBe(0)
      expect(admitted).toBe(0)
    }),
    { numRuns: 300 },
  )
}, 60_000)
