import { topicsOf, type Server } from './server.ts'

/** As far as the benchmark uses it: no types of Bun are installed. */
interface BunServer {
  readonly port: number
  publish(topic: string, text: string): number
  upgrade(request: Request, options: { data: readonly string[] }): boolean
}
interface BunSocket {
  readonly data: readonly string[]
  subscribe(topic: string): void
}
interface BunRuntime {
  serve(options: object): BunServer
}

/** The engine of uWebSockets, which Bun's server is built on, with its own publish and subscribe. */
export function startBun(): Server {
  const { Bun } = globalThis as unknown as { Bun: BunRuntime }
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request: Request, self: BunServer) =>
      self.upgrade(request, { data: topicsOf(request.url) }) ? undefined : new Response('', { status: 400 }),
    websocket: {
      perMessageDeflate: false,
      message: () => undefined,
      open: (socket: BunSocket) => socket.data.forEach((topic) => socket.subscribe(topic)),
    },
  })
  return { port: server.port, publish: ({ name }, message) => void server.publish(name, JSON.stringify(message)) }
}
