import { expect, test } from 'vitest'
import { fakeBridge } from '../support/realtime-fakes.ts'
import { createViewer } from '../support/realtime-viewer.ts'

const hour = 3_600_000

test.each([
  ['forwards', hour],
  ['backwards', -hour],
])('F11: the wall clock jumps an hour %s: nobody is sent away, and a resume is whole', async (_, jump) => {
  const { bridge, clock, publish, join } = await fakeBridge()
  const viewer = createViewer(bridge, 'event')
  viewer.connect()
  const { transport, session } = join('event', 'state')
  for (let n = 1; n <= 10; n++) publish('event', n)
  clock.advance(100)
  viewer.read()
  viewer.cut()
  clock.jump(jump)
  for (let n = 11; n <= 20; n++) publish('event', n)
  for (let ms = 0; ms < 60_000; ms += 1000) {
    clock.advance(1000)
    if (transport.take().some((message) => Object.keys(message).length === 0)) session.receive('{}')
  }
  expect(transport.ended).toBeUndefined()
  viewer.connect()
  expect(viewer.view.gone).toBe(0)
  expect(viewer.view.log.map(({ value }) => value)).toEqual(Array.from({ length: 20 }, (__, i) => i + 1))
  // Still told to leave, in time, when it says nothing more.
  clock.advance(20_000)
  expect(transport.ended?.code).toBe(3012)
})
