import { closes, errors } from '../codes.ts'
import { end, refuse, type Connection } from '../connection.ts'
import { judge, lagAt, worst, type Lag } from '../lag.ts'
import type { Params } from '../protocol/parse.ts'
import { reply } from '../protocol/replies.ts'

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isOffset = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/** The lag that reported positions mean; the first report of a subscription only starts the record. */
function lagOf(connection: Connection, positions: Fields): Lag {
  const { shared, subscriptions, rtt = 0 } = connection
  const now = shared.clock.monotonic()
  let lag: Lag = { ms: 0, messages: 0 }
  for (const [channel, position] of Object.entries(positions)) {
    const subscription = subscriptions.get(channel)
    if (subscription === undefined || !isOffset(position)) continue
    subscription.marks ??= [{ offset: subscription.top, at: now }]
    lag = worst(lag, lagAt(subscription.marks, position, now, rtt))
  }
  return lag
}

/** Whether a client claims to have what was not sent to it: then one of us two does not know where it is. */
function isAhead({ subscriptions }: Connection, channel: string, position: unknown): boolean {
  const subscription = subscriptions.get(channel)
  return subscription !== undefined && isOffset(position) && position > subscription.top
}

/** Round trip and lag report: `{t0, pos: {channel: offset}}` is answered with the server's times of arrival and reply. */
function roundTrip(connection: Connection, id: number, data: Fields): void {
  const { shared, outbox } = connection
  const { t0, pos = {}, ...others } = data
  if (typeof t0 !== 'number' || !isObject(pos) || Object.keys(others).length > 0) {
    return refuse(connection, id, errors.badRequest)
  }
  if (Object.entries(pos).some(([channel, position]) => isAhead(connection, channel, position))) {
    return end(connection, closes.insufficient)
  }
  const t1 = shared.clock.now()
  const lag = lagOf(connection, pos)
  connection.lag = lag
  const verdict = judge(lag, shared.settings)
  if (verdict === 'close') return end(connection, closes.slow)
  outbox.slow = verdict === 'slow'
  shared.post.control(outbox, reply(id, 'rpc', { data: { t0, t1, t2: shared.clock.now() } }))
}

/** The newest snapshot of a subscribed state topic: `{channel}` is answered with its position and payload. */
function resync(connection: Connection, id: number, { channel }: Fields): void {
  const { shared, subscriptions, outbox } = connection
  const topic = typeof channel === 'string' ? subscriptions.get(channel)?.topic : undefined
  if (topic?.class !== 'state') return refuse(connection, id, errors.badRequest)
  const { position, publications } = shared.hub.history(topic.name)
  // What waits for this client is older than the snapshot.
  shared.post.forget(outbox, topic.name)
  const found = publications.map(({ offset, json }) => `{"offset":${offset},"data":${json}}`)
  const head = JSON.stringify({ channel: topic.name, ...position })
  shared.post.control(outbox, `{"id":${id},"rpc":{"data":${head.slice(0, -1)},"publications":[${found.join(',')}]}}}`)
}

const methods: Readonly<Record<string, (connection: Connection, id: number, data: Fields) => void>> = {
  rt: roundTrip,
  resync,
}

export function rpc(connection: Connection, id: number, { method = '', data = {} }: Params): void {
  const run = Object.hasOwn(methods, method) ? methods[method] : undefined
  if (run === undefined || !isObject(data)) return refuse(connection, id, errors.badRequest)
  run(connection, id, data)
}
