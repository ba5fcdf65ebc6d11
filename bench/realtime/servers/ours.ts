import type { AddressInfo } from 'node:net'
import { fastify } from 'fastify'
import { builtIn } from '../../../src/auth/principal.ts'
import realtime from '../../../src/plugins/realtime.ts'
import { limitHandshakes } from '../../../src/realtime/limits/handshakes.ts'
import { createLimits } from '../../../src/realtime/limits/index.ts'
import type { Server } from './server.ts'

const classes = ['alert', 'stream', 'event', 'state'] as const

// On loopback, as Aura has it, but free to read the benchmark's topics.
const reader = { ...builtIn, may: () => true }

/** The bridge with every way in and the limits that Aura gives it, and nothing else. */
export async function startOurs(): Promise<Server> {
  const app = fastify()
  const admission = createLimits({}, () => performance.now())
  limitHandshakes(app, admission)
  await app.register(realtime, {
    authenticate: () => reader,
    allowsOrigin: () => true,
    contract: 1,
    version: '0',
    topics: classes.map((name) => ({ name, class: name, capability: `${name}:read` })),
    admission,
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return { port, publish: (topic, message, key) => app.bridge.publish(topic, message, key) }
}
