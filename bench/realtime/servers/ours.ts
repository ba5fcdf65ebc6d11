import type { AddressInfo } from 'node:net'
import { fastify } from 'fastify'
import { builtIn } from '../../../src/auth/principal.ts'
import realtime from '../../../src/plugins/realtime.ts'
import { limitHandshakes } from '../../../src/realtime/limits/handshakes.ts'
import { createLimits } from '../../../src/realtime/limits/index.ts'
import type { BenchTopic } from '../workload.ts'
import type { Server } from './server.ts'

// On loopback, as Aura has it, but free to read the benchmark's topics.
const reader = { ...builtIn, may: () => true }

/** The bridge with every way in and the limits that Aura gives it, and nothing else. */
export async function startOurs(topics: readonly BenchTopic[], wanted = 0): Promise<Server> {
  const app = fastify()
  const admission = createLimits({}, () => performance.now())
  limitHandshakes(app, admission)
  await app.register(realtime, {
    authenticate: () => reader,
    allowsOrigin: () => true,
    contract: 1,
    version: '0',
    topics: topics.map((topic) => ({ ...topic, capability: `${topic.name}:read` })),
    admission,
  })
  await app.listen({ host: '127.0.0.1', port: wanted })
  const { port } = app.server.address() as AddressInfo
  return {
    port,
    // Pieces of a stream are arrays, so that they can be joined.
    publish: (topic, message, key) =>
      app.bridge.publish(topic.name, topic.class === 'stream' ? [message] : message, key),
  }
}
