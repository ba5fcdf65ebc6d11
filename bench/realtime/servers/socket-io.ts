import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server as SocketServer } from 'socket.io'
import type { BenchTopic } from '../workload.ts'
import { topicsOf, type Server } from './server.ts'

/** Socket.IO at its best: WebSocket only, nothing compressed, one emit to a room, or to all where there is one topic. */
export async function startSocketIo(topics: readonly BenchTopic[]): Promise<Server> {
  const http = createServer()
  const io = new SocketServer(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
  if (topics.length > 1) io.on('connection', (socket) => void socket.join([...topicsOf(socket.request.url)]))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    port: (http.address() as AddressInfo).port,
    publish: ({ name }, message) => void (topics.length > 1 ? io.to(name) : io).emit('m', message),
  }
}
