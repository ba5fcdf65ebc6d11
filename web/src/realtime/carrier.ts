import type { Position } from '../../../src/realtime/types.ts'
import { drainCode, drainDelay } from './backoff.ts'
import type { Clock } from './clock.ts'
import { failed, top, type Ladder } from './ladder.ts'
import type { Link, LinkEvents, OpenLink } from './link.ts'
import type { TransportKind } from './types.ts'

export interface CarrierDeps {
  readonly clock: Clock
  readonly openLink: OpenLink
  /** Whether plain HTTP reaches the server. */
  readonly reachable: () => Promise<boolean>
  readonly random: () => number
  /** Topics to subscribe to on a new link, and what was had of them. */
  readonly wanted: () => Iterable<readonly [topic: string, since: Position | undefined]>
}

export type CarrierEvents = Omit<LinkEvents, 'open' | 'failed'> & {
  open(transport: TransportKind, data: unknown): void
}

/** The best way to the server that works: down the ladder when one fails, and up again when it can. */
export interface Carrier {
  readonly link: () => Link
  /** Begins anew with the best transport. */
  restart(): void
  close(): void
}

/** ms between attempts to get back to WebSocket from something lesser. */
const climbEvery = 300_000

/** `trial`: opened beside the main one, to see whether it works. */
interface Slot {
  role: 'main' | 'trial' | 'gone'
  link: Link
}

interface Ways {
  readonly deps: CarrierDeps
  readonly events: CarrierEvents
  ladder: Ladder
  main: Slot | undefined
  trial: Slot | undefined
  stopClimbing: (() => void) | undefined
}

function drop(slot: Slot | undefined): void {
  if (slot === undefined) return
  slot.role = 'gone'
  slot.link.close()
}

function open(ways: Ways, transport: TransportKind, role: Slot['role']): Slot {
  const slot = { role } as Slot
  slot.link = ways.deps.openLink(transport, handlers(ways, slot))
  return slot
}

/** Puts a link in the place of the main one; it goes on where that one was. */
function install(ways: Ways, slot: Slot): void {
  drop(ways.main)
  slot.role = 'main'
  ways.main = slot
  for (const [topic, since] of ways.deps.wanted()) slot.link.subscribe(topic, since)
}

/** Tries WebSocket again, beside a lesser transport, after a while. */
function climbLater(ways: Ways): void {
  ways.stopClimbing?.()
  if (ways.ladder.transport === 'websocket') return
  ways.stopClimbing = ways.deps.clock.after(climbEvery, () => {
    drop(ways.trial)
    ways.trial = open(ways, 'websocket', 'trial')
  })
}

function giveUpTrial(ways: Ways): void {
  drop(ways.trial)
  ways.trial = undefined
  climbLater(ways)
}

async function stepDown(ways: Ways, slot: Slot, timedOut: boolean): Promise<void> {
  const reachable = await ways.deps.reachable()
  if (slot.role !== 'main') return
  const before = ways.ladder
  ways.ladder = failed(before, { timedOut, reachable })
  if (ways.ladder.transport !== before.transport) install(ways, open(ways, ways.ladder.transport, 'main'))
}

function opened(ways: Ways, slot: Slot, data: unknown): void {
  if (slot.role === 'gone') return
  ways.ladder = { transport: slot.link.transport, failures: 0 }
  if (slot.role === 'trial') {
    ways.trial = undefined
    install(ways, slot)
  }
  climbLater(ways)
  ways.events.open(slot.link.transport, data)
}

/** What a slot's link says: the main one is heard, a trial only asked whether it works, one that is gone is not heard. */
function handlers(ways: Ways, slot: Slot): LinkEvents {
  const { deps, events } = ways
  const main = (): boolean => slot.role === 'main'
  return {
    open: (data) => opened(ways, slot, data),
    failed(timedOut) {
      if (slot.role === 'trial') giveUpTrial(ways)
      else if (main()) void stepDown(ways, slot, timedOut)
    },
    down(ending) {
      if (!main()) return
      if (ending.code === drainCode) slot.link.pause(drainDelay(ending.reason, deps.random))
      events.down(ending)
    },
    refused(ending) {
      if (slot.role === 'trial') giveUpTrial(ways)
      else if (main()) events.refused(ending)
    },
    subscribed: (topic, reply) => main() && events.subscribed(topic, reply),
    message: (topic, payload, offset) => main() && events.message(topic, payload, offset),
    turnedAway: (topic, code) => main() && events.turnedAway(topic, code),
  }
}

export function createCarrier(deps: CarrierDeps, events: CarrierEvents): Carrier {
  const ways: Ways = { deps, events, ladder: top, main: undefined, trial: undefined, stopClimbing: undefined }
  let main = open(ways, 'websocket', 'main')
  ways.main = main
  return {
    link: () => (main = ways.main ?? main).link,
    restart() {
      ways.ladder = top
      drop(ways.trial)
      install(ways, open(ways, 'websocket', 'main'))
    },
    close() {
      ways.stopClimbing?.()
      drop(ways.trial)
      drop(ways.main)
    },
  }
}
