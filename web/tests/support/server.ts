import type { ChannelEvents, OpenChannel } from '../../src/realtime/channel.ts'
import { createRealtime, type RunningRealtime } from '../../src/realtime/realtime.ts'
import type { FromTab, ToTab } from '../../src/realtime/share.ts'
import { createFakeClock, type FakeClock } from '../../../tests/web/support/fake-clock.ts'

/** A tab whose owner of the connection is the test. */
export interface TestTab {
  readonly realtime: RunningRealtime
  readonly clock: FakeClock
  /** What the tab said. */
  readonly said: FromTab[]
  readonly tell: (message: ToTab) => void
}

export function createTestTab(): TestTab {
  const clock = createFakeClock(Date.now())
  const said: FromTab[] = []
  let events: ChannelEvents | undefined
  const open: OpenChannel = (_tab, given) => {
    events = given
    return { send: (message) => said.push(message), close: () => undefined }
  }
  const realtime = createRealtime({ open, clock, tab: 'test' })
  return { realtime, clock, said, tell: (message) => events?.message(message) }
}
