import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import * as ws from 'ws'
import { createRegister, topicsOf, type Server } from './server.ts'

/** Parts of `ws` that are not in its types. */
interface Framing {
  readonly Sender: { frame(data: Uint8Array, options: object): Uint8Array[] }
}

async function listen() {
  const server = new ws.WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  const register = createRegister<ws.WebSocket>()
  server.on('connection', (socket, request) => {
    const names = topicsOf(request.url)
    register.add(names, socket)
    socket.on('error', () => undefined)
    socket.on('close', () => register.drop(names, socket))
  })
  await once(server, 'listening')
  return { register, port: (server.address() as AddressInfo).port }
}

function rawSocket(socket: ws.WebSocket): Socket {
  const { _socket: raw } = socket as unknown as { readonly _socket: Socket }
  return raw
}

/** What most people write: encode once, `send` to each. */
export async function startWsSend(): Promise<Server> {
  const { register, port } = await listen()
  return {
    port,
    publish(topic, message) {
      const bytes = Buffer.from(JSON.stringify(message))
      for (const socket of register.of(topic.name)) socket.send(bytes, { binary: false })
    },
  }
}

/** The least that Node can do: one finished frame, written to every socket. */
export async function startFramed(): Promise<Server> {
  const { register, port } = await listen()
  const { Sender } = ws as unknown as Framing
  const options = { fin: true, opcode: 1, mask: false, readOnly: true, rsv1: false }
  return {
    port,
    publish(topic, message) {
      const frame = Buffer.concat(Sender.frame(Buffer.from(JSON.stringify(message)), options))
      for (const socket of register.of(topic.name)) rawSocket(socket).write(frame)
    },
  }
}
