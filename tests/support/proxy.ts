import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

/**
 * What a proxy does to realtime connections. `refuses`: 403 to every upgrade; `swallows`: upgrades get no answer at all;
 * `buffers`: refuses upgrades and holds event streams back; `passes`: nothing.
 */
export type Manners = 'passes' | 'refuses' | 'swallows' | 'buffers'

export interface Proxy extends AsyncDisposable {
  readonly url: string
  /** Upgrades that were asked for. */
  upgrades(): number
  /** While gone, nothing gets through: what is open falls silent, and whoever asks anew is turned away. */
  gone(gone: boolean): void
}

interface Tunnel {
  readonly socket: Duplex
  readonly upstream: Duplex
}

/** Connections that are handed through, and can be held without being cut. */
function createTunnels() {
  const open = new Set<Tunnel>()
  return {
    add(tunnel: Tunnel): void {
      const { socket, upstream } = tunnel
      open.add(tunnel)
      socket.on('close', () => {
        upstream.destroy()
        open.delete(tunnel)
      })
      upstream.pipe(socket).pipe(upstream)
    },
    hold(held: boolean): void {
      for (const { socket, upstream } of open) {
        if (held) socket.unpipe(upstream)
        if (held) upstream.unpipe(socket)
        else upstream.pipe(socket).pipe(upstream)
      }
    },
  }
}

/** A proxy on a free loopback port in front of a program at `target`, with the manners of a proxy in the wild. */
export async function startProxy(target: string, manners: Manners): Promise<Proxy> {
  const { hostname, port } = new URL(target)
  const open = new Set<Duplex>()
  const tunnels = createTunnels()
  let upgrades = 0
  let away = false

  function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    if (away) return void incoming.destroy()
    const { method = 'GET', url: path = '/', headers } = incoming
    const upstream = request({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      const held = manners === 'buffers' && String(answer.headers['content-type']).startsWith('text/event-stream')
      if (held) answer.resume()
      else answer.pipe(outgoing)
    })
    upstream.on('error', () => outgoing.destroy())
    outgoing.on('close', () => upstream.destroy())
    incoming.pipe(upstream)
  }

  function upgrade({ method, url: path, rawHeaders }: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (away) return void socket.destroy()
    upgrades++
    open.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket))
    if (manners === 'swallows') return
    if (manners !== 'passes') return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
    const upstream = connect(Number(port), hostname)
    const fields = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []))
    upstream.write([`${method} ${path} HTTP/1.1`, ...fields, '', ''].join('\r\n'))
    upstream.write(head)
    upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy())
    tunnels.add({ socket, upstream })
  }

  const server = createServer(forward).on('upgrade', upgrade).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    upgrades: () => upgrades,
    gone(now) {
      away = now
      tunnels.hold(now)
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
