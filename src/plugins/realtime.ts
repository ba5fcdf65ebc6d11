import fastifyWebsocket from '@fastify/websocket'
import type { FastifyInstance } from 'fastify'
import type { Admission } from '../realtime/admission.ts'
import type { AlertLog } from '../realtime/alert-log.ts'
import { createBridge, type Bridge, type BridgeApi, type RunningBridge } from '../realtime/bridge.ts'
import type { Credentials } from '../realtime/credentials.ts'
import { createInProcessEngine } from '../realtime/engines/in-process.ts'
import { connectionsPage } from '../realtime/connections-page.ts'
import { createHub } from '../realtime/hub.ts'
import { instrument } from '../realtime/instruments.ts'
import type { Settings } from '../realtime/settings.ts'
import { transports as everyTransport, type TransportRoute } from '../realtime/transports/index.ts'
import { websocketOptions } from '../realtime/transports/websocket.ts'
import type { Topic, TopicClass } from '../realtime/types.ts'

export interface RealtimeOptions {
  readonly authenticate: Bridge['authenticate']
  readonly allowsOrigin: Bridge['allowsOrigin']
  /** Version of the payloads, sent in the connect reply. */
  readonly contract: number
  /** Of Aura. */
  readonly version: string
  readonly topics?: readonly Topic[]
  /** Where durable topics are kept; without it they last as long as the process. */
  readonly alertLog?: AlertLog
  readonly durable?: readonly TopicClass[]
  readonly admission?: Admission
  readonly credentials?: Credentials
  readonly settings?: Partial<Settings>
  readonly transports?: readonly TransportRoute[]
}

declare module 'fastify' {
  interface FastifyInstance {
    bridge: BridgeApi
  }
}

function create(app: FastifyInstance, options: RealtimeOptions): RunningBridge {
  const { alertLog, durable, ...others } = options
  const engine = createInProcessEngine({
    logger: app.log,
    ...(alertLog !== undefined && { alertLog }),
    ...(durable !== undefined && { durable }),
  })
  const totals = instrument(() => bridge.api.connections().map(({ transport }) => transport))
  const bridge: RunningBridge = createBridge({
    ...others,
    hub: createHub({ engine, totals }),
    logger: app.log,
    totals,
  })
  return bridge
}

/**
 * The live bridge: hub, sessions and every way in. Decorates the app with `bridge`. When the app closes, clients are
 * sent away in slices while the server still answers, before anything else ends.
 */
async function realtime(app: FastifyInstance, options: RealtimeOptions): Promise<void> {
  const bridge = create(app, options)
  await app.register(fastifyWebsocket, {
    options: { ...websocketOptions },
    preClose(done) {
      bridge.drain().then(() => closeSockets(app, done), done)
    },
  })
  app.decorate('bridge', bridge.api)
  for (const topic of options.topics ?? []) await bridge.api.declare(topic)
  for (const route of options.transports ?? everyTransport) route(app, bridge)
  connectionsPage(app, { connections: () => bridge.api.connections(), totals: bridge.totals })
}

/** Those who do not answer the farewell are cut: Fastify would wait for them. */
function closeSockets(app: FastifyInstance, done: () => void): void {
  const { websocketServer } = app
  for (const socket of websocketServer.clients) if (socket.bufferedAmount > 0) socket.terminate()
  websocketServer.close()
  done()
}

// Shared with the whole app, as fastify-plugin would make it.
export default Object.assign(realtime, { [Symbol.for('skip-override')]: true })
