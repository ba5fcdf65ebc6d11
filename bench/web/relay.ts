import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Relay extends AsyncDisposable {
  readonly url: string
  /** Bytes of JavaScript bodies as they went over the wire, gzipped, by path. */
  readonly scripts: ReadonlyMap<string, number>
}

/** Stands before a server and counts what scripts weigh, those of workers included, which no page can see. */
export async function startRelay(target: string): Promise<Relay> {
  const { hostname, port } = new URL(target)
  const scripts = new Map<string, number>()
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url: path = '/' } = incoming
    const headers = { ...incoming.headers, 'accept-encoding': 'gzip' }
    const upstream = request({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      if (/javascript/.test(answer.headers['content-type'] ?? '')) {
        scripts.set(path, 0)
        answer.on('data', (chunk: Buffer) => scripts.set(path, (scripts.get(path) ?? 0) + chunk.length))
      }
      answer.pipe(outgoing)
    })
    upstream.on('error', () => outgoing.destroy())
    outgoing.on('close', () => upstream.destroy())
    incoming.pipe(upstream)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    scripts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
