import type { Close } from './admission.ts'
import type { Clock } from './clock.ts'
import { closes } from './codes.ts'
import { createFlusher, type Flushable, type Flusher } from './flusher.ts'
import {
  add,
  bulk,
  createLanes,
  dropUrgent,
  forget,
  onlyUrgent,
  take,
  urgent,
  waitingBytes,
  type Lanes,
} from './lanes.ts'
import type { Message, SharingTransport } from './message.ts'
import { barePush, gapPayload } from './protocol/replies.ts'
import type { Settings } from './settings.ts'
import type { Totals } from './totals.ts'
import type { Transport } from './types.ts'

/** What waits for one connection. */
export interface Outbox extends Flushable {
  readonly transport: Transport
  /** `push`: as the protocol writes it. `plain`: payloads alone. */
  readonly form: 'push' | 'plain'
  /** The connection has to be closed: more waits than may wait, or its transport threw `err`. */
  readonly fail: (why: Close, err?: unknown) => void
  readonly lanes: Lanes
  /** Of the transport: one message without a queue. */
  readonly pass: SharingTransport['pass'] | undefined
  /** Replies and pushes about the connection: ahead of everything. */
  control: string[]
  /** Class state leaves at most once a second, not ten times. */
  slow: boolean
  /** Monotonic ms at which class state left last. */
  bulkAt: number
  sent: number
  /** Those of `sent` that may not be dropped. */
  vital: number
  skipped: number
}

/** Fills and empties the queues of all connections. */
export interface Post {
  open(transport: Transport, form: Outbox['form'], fail: Outbox['fail']): Outbox
  deliver(box: Outbox, message: Message): void
  /** Leaves with the next `flush`. */
  control(box: Outbox, text: string): void
  flush(box: Outbox): void
  /** Class state too, whether it is due or not. */
  flushAll(box: Outbox): void
  /** Drops what waits of a topic: after a fresh snapshot, and when a subscription ends. */
  forget(box: Outbox, topic: string): void
  close(box: Outbox): void
  bytes(box: Outbox): number
  depth(box: Outbox): number
  /** Queues that wait for their turn. */
  readonly waiting: number
}

const heldRetry = 50
// Answers are never dropped: who asks this much and reads nothing is closed.
const mostControl = 1024

const sharing = (transport: Transport): transport is SharingTransport => 'sendShared' in transport

/** One write for all of it, in the shared form where the transport has one. */
function write({ transport, form }: Outbox, control: readonly string[], messages: readonly Message[]): void {
  if (form === 'push' && sharing(transport)) return transport.sendShared(control, messages)
  const texts = messages.map((message) => (form === 'push' ? message.text : message.json))
  transport.send(control.length === 0 ? texts : [...control, ...texts])
}

const createOutbox: Post['open'] = (transport, form, fail) => ({
  transport,
  form,
  fail,
  lanes: createLanes(),
  pass: form === 'push' && sharing(transport) ? transport.pass : undefined,
  control: [],
  slow: false,
  bulkAt: -Infinity,
  sent: 0,
  vital: 0,
  skipped: 0,
  due: undefined,
  prompt: false,
  closed: false,
})

interface Office {
  readonly clock: Clock
  readonly settings: Settings
  readonly totals: Totals
  readonly flusher: Flusher<Outbox>
}

/** Tells what was conflated away since the last time. */
function tellGaps({ clock, totals }: Office, box: Outbox): void {
  const ts = clock.now()
  for (const [topic, n] of box.lanes.skipped ?? []) {
    const payload = gapPayload(ts, n)
    box.control.push(box.form === 'plain' ? payload : barePush(topic, payload))
    box.skipped += n
    totals.skipped += n
  }
  box.lanes.skipped = undefined
}

/** The usual case, which allocates nothing: one message, and nothing before it. False: it has to take the long way. */
function passes({ totals, clock }: Office, box: Outbox, message: Message): boolean {
  if (box.pass === undefined || box.control.length > 0) return false
  try {
    if (!box.pass(message)) return false
  } catch (err) {
    failed(box, err)
    return true
  }
  box.sent++
  if (message.class !== 'state') box.vital++
  totals.deliver(message, clock)
  return true
}

/** One transport that fails must not cost the others their turn. */
function failed(box: Outbox, err: unknown): void {
  box.closed = true
  box.fail(closes.internal, err)
}

function flush(office: Office, box: Outbox, withBulk: boolean): void {
  const { lanes, transport } = box
  const { settings, flusher, totals, clock } = office
  if (box.closed) return
  const only = withBulk ? undefined : onlyUrgent(lanes)
  if (only !== undefined && passes(office, box, only)) {
    dropUrgent(lanes)
    return
  }
  if (transport.buffered > settings.highWater) return flusher.bulk(box, heldRetry)
  const waited = urgent(lanes)
  const messages = take(lanes, settings.batchBytes, withBulk)
  if (withBulk) box.bulkAt = clock.monotonic()
  if (withBulk && lanes.skipped !== undefined) tellGaps(office, box)
  if (messages.length > 0 || box.control.length > 0) {
    const { control } = box
    if (control.length > 0) box.control = []
    try {
      write(box, control, messages)
    } catch (err) {
      return failed(box, err)
    }
    box.sent += messages.length
    box.vital += waited - urgent(lanes)
    for (const message of messages) totals.deliver(message, clock)
  }
  if (urgent(lanes) > 0) flusher.soon(box)
  else if (bulk(lanes) > 0) flusher.bulk(box, delay(office, box))
}

/** ms that class state has to wait. */
function delay({ settings, clock }: Office, { slow, bulkAt }: Outbox): number {
  const pause = slow ? settings.slowDelay : settings.bulkDelay
  return Math.max(settings.bulkSettle, bulkAt + pause - clock.monotonic())
}

/** State leaves when it is due or when ten keys wait; alerts at once; the others at the end of the turn. */
function schedule(office: Office, box: Outbox, kind: Message['class']): void {
  const { settings, flusher } = office
  if (kind === 'alert') return flush(office, box, false)
  if (kind !== 'state') {
    return urgent(box.lanes) >= settings.bulkMessages ? flush(office, box, false) : flusher.soon(box)
  }
  if (bulk(box.lanes) >= settings.bulkMessages && !box.slow) flush(office, box, true)
  else if (box.due === undefined) flusher.bulk(box, delay(office, box))
}

/** The post office of all connections. */
export function createPost(clock: Clock, settings: Settings, totals: Totals): Post {
  const flusher = createFlusher<Outbox>(clock, (box, withBulk) => flush(office, box, withBulk))
  const office: Office = { clock, settings, totals, flusher }
  return {
    open: createOutbox,
    deliver(box, message) {
      if (box.closed) return
      if (message.class === 'alert' && urgent(box.lanes) === 0 && passes(office, box, message)) return
      add(box.lanes, message)
      if (box.lanes.bytes > settings.queueBytes) box.fail(closes.slow)
      else schedule(office, box, message.class)
    },
    control(box, text) {
      if (!box.closed && box.control.push(text) > mostControl) box.fail(closes.slow)
    },
    flush: (box) => flush(office, box, false),
    flushAll: (box) => flush(office, box, true),
    forget: (box, topic) => forget(box.lanes, topic),
    close(box) {
      box.closed = true
      flusher.drop(box)
      Object.assign(box.lanes, createLanes())
      box.control = []
    },
    bytes: (box) => waitingBytes(box.lanes) + box.transport.buffered,
    depth: ({ lanes, control }) => urgent(lanes) + bulk(lanes) + control.length,
    get waiting() {
      return flusher.waiting
    },
  }
}
