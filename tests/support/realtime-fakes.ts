import { createMemoryAlertLog, type AlertLog } from '../../src/realtime/alert-log.ts'
import { createBridge, type BridgeOptions } from '../../src/realtime/bridge.ts'
import type { Clock } from '../../src/realtime/clock.ts'
import { createInProcessEngine } from '../../src/realtime/engines/in-process.ts'
import { createHub } from '../../src/realtime/hub.ts'
import type { Payload, Transport } from '../../src/realtime/types.ts'
import { someone, topics } from './realtime.ts'

/** Time that passes only when told to. */
export function fakeClock() {
  let time = 0
  let wall = 1_700_000_000_000
  let timers: { at: number; run: () => void }[] = []
  let turn: (() => void)[] = []
  const oneTurn = (): void => {
    for (const run of turn.splice(0)) run()
  }
  const endTurn = (): void => {
    while (turn.length > 0) oneTurn()
  }
  const clock: Clock = {
    now: () => wall + time,
    monotonic: () => time,
    after(ms, run) {
      const timer = { at: time + ms, run }
      timers.push(timer)
      return () => void (timers = timers.filter((other) => other !== timer))
    },
    soon: (run) => void turn.push(run),
  }
  return Object.assign(clock, {
    /** Somebody sets the wall clock, `ms` forwards or backwards. */
    jump: (ms: number) => void (wall += ms),
    /** Runs what is to happen at the end of this turn, and not what that leaves for the next. */
    oneTurn,
    endTurn,
    /** Runs all that falls due within `ms`, in order. */
    advance(ms: number) {
      const end = time + ms
      endTurn()
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)
        if (next === undefined) break
        timers = timers.filter((other) => other !== next)
        time = Math.max(time, next.at)
        next.run()
        endTurn()
      }
      time = end
    },
    get timers() {
      return timers.length + turn.length
    },
  })
}

interface Push {
  readonly push: { readonly channel: string; readonly pub?: { readonly offset?: number; readonly data: Payload } }
}

/** A transport that keeps what it is given; `stuck` bytes stand for a peer that does not read. */
export function fakeTransport() {
  const sent: string[] = []
  const transport = {
    kind: 'websocket' as Transport['kind'],
    peer: 'loopback',
    buffered: 0,
    sent,
    ended: undefined as { code: number; reason: string } | undefined,
    send: (messages: readonly string[]) => void sent.push(...messages),
    close: (code: number, reason: string) => void (transport.ended ??= { code, reason }),
    /** Everything sent so far, parsed, and forgotten. */
    take: () => sent.splice(0).flatMap((text) => text.split('\n').map((line) => JSON.parse(line) as object)),
    /** Publications pushed so far. */
    takePublications: () =>
      transport
        .take()
        .filter((message): message is Push => 'push' in message)
        .flatMap(({ push }) => push.pub ?? []),
  }
  return transport
}

/** A bridge in fake time, with one topic of each class. */
export async function fakeBridge(options: Partial<BridgeOptions> & { alertLog?: AlertLog } = {}) {
  const clock = fakeClock()
  let epochs = 0
  const newEpoch = (): string => `e${++epochs}`
  const quiet = { error: () => undefined, info: () => undefined }
  const alertLog = options.alertLog ?? createMemoryAlertLog(newEpoch)
  const engine = createInProcessEngine({ logger: quiet, clock, newEpoch, alertLog })
  const bridge = createBridge({
    hub: createHub({ engine }),
    logger: quiet,
    authenticate: () => someone(),
    allowsOrigin: () => true,
    contract: 1,
    version: 'test',
    clock,
    ...options,
  })
  for (const topic of topics) await bridge.hub.declare(topic)
  let id = 0
  return {
    clock,
    bridge,
    publish: (topic: string, value: unknown, key?: string) => bridge.api.publish(topic, value, key),
    /** What a durable topic does takes a few turns of the event loop. */
    stored: () => new Promise((resolve) => setImmediate(resolve)),
    /** A client that has connected and subscribed. */
    join: (...channels: string[]) => {
      const transport = fakeTransport()
      const session = bridge.open(transport, someone())
      const send = (command: object): void => session.receive(JSON.stringify({ id: ++id, ...command }))
      send({ connect: {} })
      for (const channel of channels) send({ subscribe: { channel } })
      transport.take()
      return { transport, session, send }
    },
  }
}
