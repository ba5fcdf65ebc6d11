import type { WebSocket } from 'ws'
import { pause, repeatedly } from '../traffic/crowd.ts'
import { join } from '../traffic/sockets.ts'
import { Unavailable, type Fault } from './fault.ts'

/** Connections at once. */
const most = 150

/** Connections by the dozen that come, answer no ping, and go. */
export const socketsStorm: Fault = {
  about: '150 live connections come and go, and answer no pings',
  alerts: ['AuraBridgeSlowReaders'],
  panels: ['realtime: Connections', 'realtime: Connections by transport', 'realtime: Connections closed, by code'],
  async start({ site }) {
    if (!site.open) throw new Unavailable('nobody has an account yet: make the first one')
    const open = new Set<WebSocket>()
    const stop = repeatedly(100, async (signal) => {
      if (open.size >= most) return pause(1000, signal)
      const socket = await join(site, 1, false)
      open.add(socket)
      socket.once('close', () => open.delete(socket))
      // Some go of themselves, long before they would be missed.
      if (Math.random() < 0.3) setTimeout(() => socket.terminate(), 3000).unref()
    })
    return async () => {
      await stop()
      for (const socket of open) socket.terminate()
    }
  },
}
