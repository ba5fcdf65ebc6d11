import fastifyWebsocket from '@fastify/websocket'
import type { FastifyInstance } from 'fastify'
import type { Admission } from '../realtime/admission.ts'
import type { AlertLog } from '../realtime/alert-log.ts'
import { createBridge, type Bridge, type BridgeApi, type RunningBridge } from '../realtime/bridge.ts'
import type { Credentials } from '../realtime/credentials.ts'
import { createCentrifugoApi } from '../realtime/engines/centrifugo/api.ts'
import { createCentrifugoEngine, type CentrifugoEngine } from '../realtime/engines/centrifugo/index.ts'
import { instrumentCentrifugo } from '../realtime/engines/centrifugo/instruments.ts'
import type { CentrifugoStatus } from '../realtime/engines/centrifugo/status.ts'
import { createCentrifugoUsers } from '../realtime/engines/centrifugo/users.ts'
import { createInProcessEngine } from '../realtime/engines/in-process.ts'
import { connectionsPage } from '../realtime/connections-page.ts'
import { createHub, type Hub } from '../realtime/hub.ts'
import { instrument } from '../realtime/instruments.ts'
import type { Settings } from '../realtime/settings.ts'
import { transports as everyTransport, type TransportRoute } from '../realtime/transports/index.ts'
import { websocketOptions } from '../realtime/transports/websocket.ts'
import type { Topic, TopicClass } from '../realtime/types.ts'
import { centrifugoProxy } from './centrifugo.ts'

/** A Centrifugo that is told everything, and asks us whom to let in. */
export interface CentrifugoOptions {
  /** Of its server API, without `/api`. */
  readonly url: string
  readonly apiKey: string
  /** Longest time it may take, ms. */
  readonly timeout: number
  readonly proxySecret: string
  /** How long it takes rights for granted, ms; 0 is for ever. */
  readonly recheck: number
  /** Who is behind a connection, by the headers that Centrifugo passes on. */
  readonly authenticate: Bridge['authenticate']
}

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
  readonly centrifugo?: CentrifugoOptions
}

declare module 'fastify' {
  interface FastifyInstance {
    bridge: BridgeApi
    /** How it stands with Centrifugo; undefined where there is none. */
    centrifugo: (() => CentrifugoStatus) | undefined
  }
}

function createEngine(app: FastifyInstance, options: RealtimeOptions) {
  const { alertLog, durable, centrifugo } = options
  const common = { logger: app.log, ...(alertLog && { alertLog }), ...(durable && { durable }) }
  if (centrifugo === undefined) return { engine: createInProcessEngine(common), told: undefined }
  const { url, apiKey: key, timeout } = centrifugo
  const told = createCentrifugoEngine({ ...common, api: createCentrifugoApi({ url, key, timeout }) })
  instrumentCentrifugo(() => told.status)
  // Sessions have ended and the logs are settled by then.
  app.addHook('onClose', () => told.close())
  return { engine: told, told }
}

function create(app: FastifyInstance, options: RealtimeOptions) {
  const { alertLog: _alertLog, durable: _durable, centrifugo: _centrifugo, ...others } = options
  const { engine, told } = createEngine(app, options)
  const totals = instrument(() => bridge.api.connections().map(({ transport }) => transport))
  const hub = createHub({ engine, totals })
  const bridge: RunningBridge = createBridge({ ...others, hub, logger: app.log, totals })
  return { bridge, hub, told }
}

/** The questions of Centrifugo, and our API with what concerns its connections. */
function serveCentrifugo(
  app: FastifyInstance,
  { bridge, hub, told }: { bridge: RunningBridge; hub: Hub; told: CentrifugoEngine | undefined },
  { centrifugo, contract, allowsOrigin }: RealtimeOptions,
): BridgeApi {
  if (told === undefined || centrifugo === undefined) return bridge.api
  const users = createCentrifugoUsers((user, close) => told.disconnect(user, close))
  centrifugoProxy(app, {
    hub,
    engine: told,
    secret: centrifugo.proxySecret,
    recheck: centrifugo.recheck,
    contract,
    authenticate: centrifugo.authenticate,
    allowsOrigin,
    closed: () => bridge.draining || bridge.maintained,
    seen: (principal) => users.seen(principal),
  })
  return users.govern(bridge.api)
}

/**
 * The live bridge: hub, sessions and every way in. Decorates the app with `bridge`. When the app closes, clients are
 * sent away in slices while the server still answers, before anything else ends.
 */
async function realtime(app: FastifyInstance, options: RealtimeOptions): Promise<void> {
  const created = create(app, options)
  const { bridge, told } = created
  const api = serveCentrifugo(app, created, options)
  await app.register(fastifyWebsocket, {
    options: { ...websocketOptions },
    preClose(done) {
      bridge.drain().then(() => closeSockets(app, done), done)
    },
  })
  app.decorate('bridge', api)
  app.decorate('centrifugo', told && (() => told.status))
  for (const topic of options.topics ?? []) await api.declare(topic)
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
