import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'

/** What goes to Centrifugo; as the configuration in docs/operations.md has it. */
const toCentrifugo = /^\/(?:connection\/|emulation$)/

export interface Router extends AsyncDisposable {
  readonly url: string
  /** Connections handed to Centrifugo. */
  connections(): number
}

const portOf = (url: string): number => Number(new URL(url).port)

/** A reverse proxy as an operator sets it up: one address, live connections to Centrifugo and all else to Aura. */
export async function startRouter(port: number, aura: string, centrifugo: string): Promise<Router> {
  const open = new Set<Duplex>()
  let connections = 0

  function target({ url = '/' }: IncomingMessage): number {
    const path = url.split('?', 1)[0] ?? ''
    if (!toCentrifugo.test(path)) return portOf(aura)
    if (path !== '/emulation') connections++
    return portOf(centrifugo)
  }
  function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = 'GET', url: path = '/', socket } = incoming
    const headers = { ...incoming.headers, 'x-forwarded-for': socket.remoteAddress ?? '' }
    const to = { hostname: '127.0.0.1', port: target(incoming), method, path, headers }
    const upstream = request(to, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    upstream.on('error', () => outgoing.destroy())
    outgoing.on('close', () => upstream.destroy())
    incoming.pipe(upstream)
  }
  function upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { method, url: path, rawHeaders } = incoming
    open.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket))
    const upstream = connect(target(incoming), '127.0.0.1')
    const fields = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${rawHeaders[i + 1]}`] : []))
    const forwarded = `X-Forwarded-For: ${incoming.socket.remoteAddress}`
    upstream.write([`${method} ${path} HTTP/1.1`, ...fields, forwarded, '', ''].join('\r\n'))
    upstream.write(head)
    upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy())
    socket.on('close', () => upstream.destroy())
    upstream.pipe(socket).pipe(upstream)
  }
  const server = createServer(forward).on('upgrade', upgrade).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${port}`,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
