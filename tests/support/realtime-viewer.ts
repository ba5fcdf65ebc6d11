import type { Bridge } from '../../src/realtime/bridge.ts'
import type { Session } from '../../src/realtime/session.ts'
import type { Payload } from '../../src/realtime/types.ts'
import { fakeTransport } from './realtime-fakes.ts'
import { someone } from './realtime.ts'

interface Pub {
  readonly offset?: number
  readonly data: Payload
}

interface Received {
  readonly push?: { readonly pub?: Pub }
  readonly subscribe?: {
    readonly epoch: string
    readonly offset: number
    readonly was_recovering?: boolean
    readonly recovered?: boolean
    readonly publications?: readonly Pub[]
  }
}

/** What a page has of a topic. */
interface View {
  epoch: string
  offset: number
  known: boolean
  /** In the order of arrival; emptied whenever the server says that something is missing. */
  log: { offset: number; value: unknown }[]
  /** Of a state topic. */
  values: Map<string, unknown>
  /** How often the server said that something is missing. */
  gone: number
}

function apply(view: View, { offset, data }: Pub): void {
  if (offset !== undefined) view.offset = offset
  if (data.k === 'snap') view.values = new Map(Object.entries(data.v as object))
  else if (data.k === 'delta') view.values.set(data.s ?? '', data.v)
  else if (data.k !== 'gap') view.log.push({ offset: offset ?? 0, value: data.v })
}

function handle(view: View, { push, subscribe }: Received): void {
  if (push?.pub !== undefined) apply(view, push.pub)
  if (subscribe === undefined) return
  const { epoch, offset, was_recovering: recovering, recovered, publications = [] } = subscribe
  if (recovering === true && recovered !== true) view.gone++
  if (recovered !== true) view.log = []
  Object.assign(view, { epoch, offset, known: true })
  for (const publication of publications) apply(view, publication)
}

/** Does what a page does with what it gets: the whole protocol, and nothing that only the server knows. */
export function createViewer(bridge: Bridge, channel: string) {
  const view: View = { epoch: '', offset: 0, known: false, log: [], values: new Map(), gone: 0 }
  let transport = fakeTransport()
  let session: Session | undefined
  const viewer = {
    view,
    connect() {
      transport = fakeTransport()
      session = bridge.open(transport, someone())
      const recover = view.known ? { recover: true, epoch: view.epoch, offset: view.offset } : {}
      session.receive(JSON.stringify({ id: 1, connect: {} }))
      session.receive(JSON.stringify({ id: 2, subscribe: { channel, ...recover } }))
      viewer.read()
    },
    /** Only the first `n` of what is under way arrive. */
    read(n = Infinity) {
      const arriving = transport.take()
      for (const message of arriving.slice(0, n)) handle(view, message)
      transport.sent.push(...arriving.slice(n).map((message) => JSON.stringify(message)))
    },
    /** So many bytes lie in the transport: the peer does not read. */
    stick: (bytes: number) => void (transport.buffered = bytes),
    cut() {
      session?.closed()
      session = undefined
    },
    get up() {
      return session !== undefined && transport.ended === undefined
    },
  }
  return viewer
}
