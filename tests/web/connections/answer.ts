import type { ConnectionsAnswer } from '../../../src/realtime/types.ts'
import { noon } from '../monitor/readings.ts'

/** Two people on three connections, one of which lags. */
export const answer: ConnectionsAnswer = {
  connections: [
    {
      id: '0198a5b2-1c9d-7c4e-a111-3f7b9e2d0001',
      principal: 'local',
      transport: 'websocket',
      peer: '127.0.0.1',
      since: noon - 600_000,
      rtt: 1.4,
      lag: { ms: 12, messages: 1 },
      queue: { bytes: 0, depth: 0 },
      sent: 1234,
      skipped: 0,
      subscriptions: ['system', 'alerts'],
      lastPong: noon,
    },
    {
      id: 'b',
      principal: 'local',
      transport: 'sse',
      peer: '192.168.1.x',
      since: noon - 60_000,
      queue: { bytes: 2048, depth: 3 },
      lag: { ms: 2400, messages: 7 },
      sent: 88,
      skipped: 41,
      subscriptions: [],
      lastPong: noon,
    },
    {
      id: 'c',
      principal: 'k6',
      transport: 'websocket',
      peer: '127.0.0.1',
      since: noon,
      queue: { bytes: 0, depth: 0 },
      sent: 1,
      skipped: 0,
      subscriptions: ['models'],
      lastPong: noon,
    },
  ],
  totals: {
    connections: 3,
    byTransport: { sse: 1, websocket: 2 },
    subscriptions: { alerts: 1, models: 1, system: 1 },
    queue: { bytes: 2048, depth: 3 },
    published: { alert: 0, stream: 0, event: 0, state: 900 },
    delivered: { alert: 0, stream: 0, event: 0, state: 1323 },
    skipped: 41,
    closes: { '0': 2, '3008': 1 },
  },
}
