import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fakeBridge } from '../support/realtime-fakes.ts'
import { createViewer } from '../support/realtime-viewer.ts'

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('publish' as const), n: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), n: fc.integer({ min: 1, max: 3000 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), n: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), n: fc.integer({ min: 0, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('connect' as const), n: fc.constant(0) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stick' as const), n: fc.constantFrom(0, 1e6) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('flood' as const), n: fc.constantFrom(320, 1200) }) },
)

const keyOf = (n: number): string => `k${n % 5}`

test.each(['alert', 'stream', 'event', 'state'])(
  'property 4, realtime delivery (%s): what a subscriber holds is the log or its last values, or it is told',
  async (topic) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { bridge, clock, publish, stored } = await fakeBridge()
        const viewer = createViewer(bridge, topic)
        let n = 0
        const publishMany = async (count: number): Promise<void> => {
          for (let i = 0; i < count; i++) publish(topic, ++n, keyOf(n))
          await stored()
        }
        let passed = 0
        viewer.connect()
        for (const { do: what, n: amount } of steps) {
          if (what === 'pass') passed += amount
          if (what === 'publish' || what === 'flood') await publishMany(amount)
          else if (what === 'pass') clock.advance(amount)
          else if (what === 'stick') viewer.stick(amount)
          else if (what === 'cut') {
            // Something of what is under way may still arrive.
            viewer.read(amount)
            viewer.cut()
          } else if (what === 'connect' && !viewer.up) {
            viewer.connect()
            if (topic === 'state') expect(viewer.view.values).toEqual(lastValues(n))
          }
          if (what === 'read') viewer.read(amount)
          expectNoHole(viewer.view.log)
        }
        viewer.stick(0)
        if (!viewer.up) viewer.connect()
        await publishMany(1)
        clock.advance(3000)
        viewer.read()
        if (topic === 'state') expect(viewer.view.values).toEqual(lastValues(n))
        else expect(viewer.view.log.at(-1)).toEqual({ offset: n, value: n })
        expectNoHole(viewer.view.log)
        // Within what the shortest history keeps there is no excuse.
        if (n <= 300 && passed < 60_000) expect(viewer.view.gone).toBe(0)
      }),
      { numRuns: 100 },
    )
  },
  60_000,
)

/** Nothing lost, nothing twice, in order: since the last time that the viewer was told that something is gone. */
function expectNoHole(log: readonly { offset: number; value: unknown }[]): void {
  const from = log[0]?.offset ?? 0
  expect(log).toEqual(log.map((_, i) => ({ offset: from + i, value: from + i })))
}

function lastValues(n: number): Map<string, number> {
  const values = new Map<string, number>()
  for (let i = 1; i <= n; i++) values.set(keyOf(i), i)
  return values
}
