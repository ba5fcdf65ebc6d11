import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server as SocketServer } from 'socket.io'
import type { Server } from './server.ts'

/** Socket.IO at its best: WebSocket only, nothing compressed, one emit to all. */
export async function startSocketIo(): Promise<Server> {
  const http = createServer()
  const io = new SocketServer(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return { port: (http.address() as AddressInfo).port, publish: (_topic, message) => void io.emit('m', message) }
}
