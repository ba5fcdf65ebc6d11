import { Centrifuge, type Subscription } from 'centrifuge'
import type { Position } from '../../../src/realtime/types.ts'
import { longestDelay, shortestDelay } from './backoff.ts'
import type { Link, LinkEvents } from './link.ts'

type Kind = 'websocket' | 'sse'

/** ms without a connect reply after which an attempt has failed. */
const timeouts: Readonly<Record<Kind, number>> = { websocket: 4000, sse: 3000 }

/** Error codes of the client library itself. */
const timeoutError = 1

function createClient(kind: Kind, base: string): Centrifuge {
  const endpoint = new URL(`/connection/${kind}`, base)
  if (kind === 'websocket') endpoint.protocol = endpoint.protocol.replace('http', 'ws')
  return new Centrifuge([{ transport: kind, endpoint: endpoint.href }], {
    name: 'aura-console',
    minReconnectDelay: shortestDelay,
    maxReconnectDelay: longestDelay,
    timeout: timeouts[kind],
    maxServerPingDelay: 5000,
    emulationEndpoint: new URL('/emulation', base).href,
  })
}

/** Hands on what the client says about the connection. */
function follow(client: Centrifuge, events: LinkEvents): void {
  let open = false
  client.on('connected', ({ data }) => {
    open = true
    events.open(data)
  })
  client.on('connecting', ({ code, reason }) => {
    if (!open) return
    open = false
    events.down({ code, reason })
  })
  client.on('disconnected', ({ code, reason }) => {
    open = false
    // 0 is our own doing.
    if (code !== 0) events.refused({ code, reason })
  })
  client.on('error', ({ type, error }) => {
    const timedOut = error.code === timeoutError || error.message === 'connect timeout'
    if (!open && (type === 'transport' || (type === 'connect' && timedOut))) events.failed(timedOut)
  })
}

function subscribe(client: Centrifuge, topic: string, since: Position | undefined, events: LinkEvents): Subscription {
  const subscription = client.newSubscription(topic, { recoverable: true, since: since ?? null })
  subscription.on('subscribed', ({ streamPosition, data }) =>
    events.subscribed(topic, { position: streamPosition, data }),
  )
  subscription.on('publication', ({ data, offset }) => events.message(topic, data, offset))
  subscription.on('unsubscribed', ({ code }) => {
    if (code !== 0) events.turnedAway(topic, code)
  })
  subscription.subscribe()
  return subscription
}

/** A link by the `centrifuge` client over one transport; `base` is the origin of the server. */
export function openCentrifuge(kind: Kind, base: string, events: LinkEvents): Link {
  const client = createClient(kind, base)
  let waiting: ReturnType<typeof setTimeout> | undefined
  const later = (ms: number, run: () => void): void => {
    clearTimeout(waiting)
    waiting = setTimeout(run, ms)
  }
  const leave = (topic: string): void => {
    const subscription = client.getSubscription(topic)
    if (subscription !== null) client.removeSubscription(subscription)
  }
  follow(client, events)
  // Not at once: nothing may be told before the caller holds the link.
  later(0, () => client.connect())
  return {
    transport: kind,
    subscribe(topic, since) {
      leave(topic)
      subscribe(client, topic, since, events)
    },
    unsubscribe: leave,
    call: async (method, data) => (await client.rpc(method, data)).data as unknown,
    pause(ms) {
      // Not from within the client's own event.
      later(0, () => {
        client.disconnect()
        later(ms, () => client.connect())
      })
    },
    hurry() {
      later(0, () => {
        client.disconnect()
        client.connect()
      })
    },
    close() {
      clearTimeout(waiting)
      client.removeAllListeners()
      client.disconnect()
    },
  }
}
