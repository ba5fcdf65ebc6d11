import type { Logger } from '../../../lib/logger.ts'
import type { Clock } from '../../clock.ts'
import type { Position } from '../../types.ts'
import type { BatchReply, CentrifugoApi } from './api.ts'
import { lookCommands, readLook } from './look.ts'
import { createAlarm } from './loop.ts'
import { askLast, type Mirror, type Outgoing } from './mirror.ts'
import { createState, markDown, markUp, statusOf, type State } from './outbound-state.ts'
import type { CentrifugoStatus } from './status.ts'

export interface OutboundOptions {
  readonly api: CentrifugoApi
  readonly clock: Clock
  readonly logger: Pick<Logger, 'warn' | 'info'>
}

/** Keeps Centrifugo level with the topics: one request at a time, and after each failure it asks first what is there. */
export interface Outbound {
  mirror(mirror: Mirror): void
  /** There is something to send. */
  wake(): void
  /** A command that is carried out before anything is sent; it is kept until it was. */
  urgent(command: string): void
  readonly status: CentrifugoStatus
  /** Subscribers of a channel, some seconds old. */
  listeners(channel: string): number
  /** One is about to be among them. */
  joined(channel: string): void
  /** Resolves when nothing waits, or nothing can be sent. */
  settled(): Promise<void>
  close(): Promise<void>
}

const lookEvery = 2000
const longestDelay = 5000
/** A topic that Centrifugo refuses is left alone for so long. */
const restAfterRefusal = 5000
const mostUrgent = 1000

/** Where the last publication of Centrifugo's log stands in ours. */
function lastOf({ history }: BatchReply): Position | undefined {
  const { epoch, offset } = history?.publications?.[0]?.tags ?? {}
  return epoch === undefined || offset === undefined ? undefined : { epoch, offset: Number(offset) || 0 }
}

interface Piece {
  readonly mirror: Mirror
  readonly outgoing: Outgoing
}

/** Topics that Centrifugo refuses rest for a while; one line for each reason. */
function createRefusals(state: State, { clock, logger }: OutboundOptions) {
  return {
    awake: (mirror: Mirror): boolean => (state.resting.get(mirror)?.until ?? 0) <= clock.monotonic(),
    refuse: (mirror: Mirror, reason: string): void => {
      const line = `Centrifugo refuses ${mirror.name}: ${reason}`
      if (state.resting.get(mirror)?.reason !== line) logger.warn({ topic: mirror.name }, line)
      state.resting.set(mirror, { until: clock.monotonic() + restAfterRefusal, reason: line })
      state.level.delete(mirror)
    },
    accept: (mirror: Mirror): void => {
      if (state.resting.delete(mirror)) logger.info({ topic: mirror.name }, 'Centrifugo takes it again')
    },
  }
}

type Refusals = ReturnType<typeof createRefusals>

/** Asks how far Centrifugo's logs go, where that is not known. */
async function level(state: State, api: CentrifugoApi, { awake, refuse }: Refusals): Promise<void> {
  const open = state.mirrors.filter((mirror) => !state.level.has(mirror) && awake(mirror))
  const logged = open.filter((mirror) => mirror.logged)
  const replies = logged.length > 0 ? await api.batch(logged.map(({ name }) => askLast(name))) : []
  for (const mirror of open) {
    const reply = replies[logged.indexOf(mirror)]
    if (reply?.error !== undefined) {
      refuse(mirror, reply.error.message)
      continue
    }
    mirror.resume(reply && lastOf(reply))
    state.level.add(mirror)
  }
}

/** Sends a batch of everything that is due; false when nothing is. */
async function send(state: State, api: CentrifugoApi, now: number, { refuse, accept }: Refusals): Promise<boolean> {
  const ready = state.mirrors.filter((mirror) => state.level.has(mirror) && mirror.due(now) === 0)
  const pieces = ready.flatMap((mirror): Piece[] => {
    const outgoing = mirror.take(now)
    return outgoing === undefined ? [] : [{ mirror, outgoing }]
  })
  if (pieces.length === 0) return false
  let replies: readonly BatchReply[]
  try {
    replies = await api.batch(pieces.flatMap(({ outgoing }) => outgoing.commands))
  } catch (error) {
    for (const { outgoing } of pieces) outgoing.failed()
    throw error
  }
  let from = 0
  for (const { mirror, outgoing } of pieces) {
    const own = replies.slice(from, (from += outgoing.commands.length))
    const refusal = own.find(({ error }) => error !== undefined)?.error
    if (refusal === undefined) {
      outgoing.done()
      state.published += own.length
      accept(mirror)
    } else {
      outgoing.failed()
      refuse(mirror, refusal.message)
    }
  }
  return true
}

/** Looks who Centrifugo is now. */
async function look(state: State, api: CentrifugoApi, now: number): Promise<void> {
  const found = readLook(await api.batch(lookCommands))
  // Whoever began anew may have lost everything: each log is asked for its end again.
  if (found.nodes !== state.look.nodes) state.level.clear()
  state.look = found
  state.lookAt = now + lookEvery
}

async function carryOut(state: State, api: CentrifugoApi): Promise<boolean> {
  const commands = state.urgent
  if (commands.length === 0) return false
  await api.batch(commands)
  state.urgent = state.urgent.slice(commands.length)
  return true
}

/** ms until something may be due. */
function rest({ mirrors, level: known, lookAt }: State, now: number): number {
  const dues = mirrors.flatMap((mirror) => (known.has(mirror) ? (mirror.due(now) ?? []) : []))
  return Math.max(1, Math.min(lookAt - now, ...dues))
}

/** One step of the loop; false when there was nothing to do. */
async function step(state: State, refusals: Refusals, { api, clock }: OutboundOptions): Promise<boolean> {
  if (api.generation !== state.generation) {
    state.generation = api.generation
    state.level.clear()
  }
  if (await carryOut(state, api)) return true
  await level(state, api, refusals)
  if (await send(state, api, clock.monotonic(), refusals)) return true
  if (clock.monotonic() < state.lookAt) return false
  await look(state, api, clock.monotonic())
  return true
}

export function createOutbound(options: OutboundOptions): Outbound {
  const { api, clock } = options
  const state = createState(clock.now())
  const refusals = createRefusals(state, options)
  const alarm = createAlarm(clock)
  const closing = createAlarm(clock)

  async function run(): Promise<void> {
    while (!state.closed) {
      try {
        const busy = await step(state, refusals, options)
        markUp(state, options)
        if (!busy && !state.closed) await alarm.wait(rest(state, clock.monotonic()))
      } catch (error) {
        if (state.closed) return
        markDown(state, error, options)
        // Not cut short by what is published meanwhile.
        await closing.wait(state.delay * (0.5 + Math.random() / 2))
        state.delay = Math.min(state.delay * 2, longestDelay)
      }
    }
  }
  const running = run()
  const idle = (): boolean => state.state === 'down' || state.mirrors.every(({ queued }) => queued === 0)
  return {
    mirror(mirror) {
      state.mirrors.push(mirror)
      alarm.wake()
    },
    wake: () => alarm.wake(),
    urgent(command) {
      state.urgent = [...state.urgent, command].slice(-mostUrgent)
      alarm.wake()
    },
    get status() {
      return statusOf(state)
    },
    listeners: (channel) => state.look.listeners.get(channel) ?? 0,
    joined: (channel) => void state.look.listeners.set(channel, Math.max(1, state.look.listeners.get(channel) ?? 0)),
    async settled() {
      while (!state.closed && !idle()) await new Promise<void>((resolve) => void clock.after(10, resolve))
    },
    async close() {
      state.closed = true
      api.close()
      alarm.wake()
      closing.wake()
      await running
    },
  }
}
