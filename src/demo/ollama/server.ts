import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createControl, serveControl, type Control } from './control.ts'
import { readBody, readJson, sendJson, sendOpenai, sendText, type Exchange } from './exchange.ts'
import { OllamaFailure } from './failure.ts'
import { createFaults } from './faults.ts'
import type { Engine } from './inference.ts'
import { createLibrary } from './library.ts'
import { installed, registry, type SimModel } from './models.ts'
import { openaiError } from './openai.ts'
import { createRoutes, type Handler, type RouteOptions } from './routes.ts'
import { createScheduler, type SchedulerOptions } from './scheduler.ts'
import { spoil, StreamCut } from './spoil.ts'

export interface SimulatorOptions extends Partial<SchedulerOptions> {
  readonly models?: readonly SimModel[]
  readonly registry?: readonly SimModel[]
  readonly version?: string
  /** OLLAMA_CONTEXT_LENGTH. */
  readonly defaultContext?: number
  /** The same seed, model, prompt and options give the same text. */
  readonly seed?: string
}

export interface OllamaSimulator {
  /** Begins to answer on loopback; gives the address. */
  listen(port?: number, host?: string): Promise<string>
  close(): Promise<void>
  readonly control: Control
}

const defaults: SchedulerOptions & RouteOptions = {
  version: '0.24.0',
  registry,
  numParallel: 1,
  maxLoaded: 3,
  maxQueue: 512,
  keepAlive: 5 * 60_000,
  vram: 24 * 2 ** 30,
  ram: 64 * 2 ** 30,
  timeScale: 1,
}

/** An Ollama that has no models but behaves as if: wire format, scheduling, delays, and faults on demand. */
export function createOllamaSimulator(options: SimulatorOptions = {}): OllamaSimulator {
  const settings = { ...defaults, ...options }
  const engine: Engine = {
    library: createLibrary(options.models ?? installed),
    scheduler: createScheduler(settings),
    timeScale: settings.timeScale,
    defaultContext: options.defaultContext ?? 4096,
    seed: options.seed ?? 'aura',
  }
  const faults = createFaults()
  const requests = new Map<string, number>()
  let server: Server | undefined
  let address: { port: number; host: string } = { port: 0, host: '127.0.0.1' }

  async function start(): Promise<void> {
    if (server !== undefined) return
    server = createServer((req, res) => void answer(req, res))
    server.listen(address.port, address.host)
    await once(server, 'listening')
    address = { ...address, port: (server.address() as AddressInfo).port }
  }

  async function stop(): Promise<void> {
    const closing = server
    server = undefined
    if (closing === undefined) return
    const closed = once(closing, 'close')
    closing.close()
    closing.closeAllConnections()
    await closed
  }

  const control = createControl(engine, faults, requests, { die: stop, revive: start })

  const answer = createAnswer(createRoutes(engine, settings), control, requests)

  return {
    control,
    async listen(port = 0, host = '127.0.0.1') {
      address = { port, host }
      await start()
      return `http://${address.host}:${address.port}`
    },
    async close() {
      await control.die()
    },
  }
}

type Answer = (req: IncomingMessage, res: ServerResponse) => Promise<void>

function createAnswer(routes: ReadonlyMap<string, Handler>, control: Control, requests: Map<string, number>): Answer {
  return async (req, res) => {
    const exchange = open(req, res)
    const { path } = exchange
    const method = req.method ?? 'GET'
    try {
      if (path.startsWith('/__sim/')) return await serveControl(exchange, control, () => readJson(req))
      requests.set(`${method} ${path}`, (requests.get(`${method} ${path}`) ?? 0) + 1)
      const met = control.faults.take(method, path)
      if (await spoil(exchange, met)) return
      const handler = find(routes, method, path)
      if (typeof handler === 'number') return sendText(exchange, handler, notRouted[handler])
      await handler(exchange, met)
    } catch (error) {
      fail(exchange, error)
    }
  }
}

function open(req: IncomingMessage, res: ServerResponse): Exchange {
  const left = new AbortController()
  res.on('close', () => left.abort())
  res.on('error', () => left.abort())
  const { pathname } = new URL(req.url ?? '/', 'http://simulator')
  let body: Promise<Record<string, unknown>> | undefined
  return { req, res, path: pathname, signal: left.signal, body: () => (body ??= readBody(req, pathname)) }
}

const notRouted = { 404: '404 page not found', 405: '405 method not allowed' }

function find(routes: ReadonlyMap<string, Handler>, method: string, path: string): Handler | 404 | 405 {
  const pattern = path.startsWith('/v1/models/') ? '/v1/models/*' : path
  const known = [...routes.keys()].some((route) => route.endsWith(` ${pattern}`))
  return routes.get(`${method} ${pattern}`) ?? (known ? 405 : 404)
}

function fail(exchange: Exchange, error: unknown): void {
  const { res, path, signal } = exchange
  if (signal.aborted) return
  if (error instanceof StreamCut || res.headersSent) {
    // What was written before still goes out.
    setImmediate(() => res.socket?.destroySoon())
    return
  }
  const status = error instanceof OllamaFailure ? error.status : 500
  const message = error instanceof Error ? error.message : String(error)
  if (!path.startsWith('/v1/')) sendJson(exchange, status, { error: message })
  else sendOpenai(exchange, status, openaiError(status, message))
}
