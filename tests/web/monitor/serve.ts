import fastify, { type FastifyInstance } from 'fastify'
import { builtIn } from '../../../src/auth/principal.ts'
import { contractVersion, type Contracts } from '../../../src/features/contracts.ts'
import { security } from '../../../src/plugins/security.ts'
import { consoleRoot } from '../support/console.ts'
import { history, noon } from './readings.ts'

/** What each topic says; a topic left out says nothing. */
export type Said = { readonly [Name in keyof Contracts]?: Contracts[Name] }

export interface ServedPages {
  readonly app: FastifyInstance
  readonly url: string
  /** Publishes a reading of this moment. */
  say(said: Said): void
  close(): Promise<void>
}

/** The same data as of now: every time in it moved from `noon`. */
export function asOfNow<T>(data: T): T {
  const by = Date.now() - noon
  return JSON.parse(JSON.stringify(data), (_, value: unknown) =>
    typeof value === 'number' && value > 1e12 ? value + by : value,
  ) as T
}

const drawn = [
  'cpu.busy',
  'cpu.iowait',
  'load.load1',
  'pressure.cpu',
  'disk.vdb.busy',
  'filesystem.//data.used',
  'gpu.GPU-1.utilization',
]
const traffic = ['network.eth0.receive', 'network.eth0.transmit', 'disk.vda.read', 'disk.vda.write']

function remembered() {
  const end = Date.now() - 2000
  const parts = [
    history(end, drawn),
    history(end, traffic, 1e6),
    history(end, ['memory.used', 'gpu.GPU-1.memory'], 1e10),
    history(end, ['gpu.GPU-1.celsius', 'temperature.nvme'], 60),
    history(end, ['gpu.GPU-1.watts'], 300),
  ]
  return { times: parts[0]?.times, series: Object.assign({}, ...parts.map(({ series }) => series)) as object }
}

const topics = ['system', 'database', 'models', 'alerts'].map((name) => ({
  name,
  class: 'state' as const,
  capability: `${name}:read`,
}))

/** The built console and the real bridge; topics and history say what the test wants. There is no Prometheus. On a free port unless said. */
export async function servePages(port = 0): Promise<ServedPages> {
  const app = fastify({ forceCloseConnections: true })
  await security(app, { host: '127.0.0.1', origins: [] })
  await app.register(import('../../../src/plugins/realtime.ts'), {
    authenticate: () => builtIn,
    allowsOrigin: () => true,
    contract: contractVersion,
    version: 'test',
    topics,
  })
  const config = { capability: 'system:read' as const }
  app.get('/api/system/history', { config }, remembered)
  app.get('/api/database/history', { config: { capability: 'database:read' } }, () => ({ times: [], series: {} }))
  app.get('/api/system/range', { config }, (_request, reply) =>
    reply.code(503).send({ error: { code: 'NO_PROMETHEUS', message: 'there is no Prometheus' } }),
  )
  await app.register(import('../../../src/plugins/web.ts'), { root: consoleRoot })
  await app.listen({ host: '127.0.0.1', port })
  const address = app.server.address()
  return {
    app,
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    say(said) {
      for (const [topic, value] of Object.entries(said)) {
        for (const [key, part] of Object.entries(asOfNow(value))) app.bridge.publish(topic, part, key)
      }
    },
    close: () => app.close(),
  }
}
