import { sendJson, sendOpenai, sendText, textOf, type Exchange } from './exchange.ts'
import { badRequest, notFound, OllamaFailure } from './failure.ts'
import type { Fault } from './faults.ts'
import { findModel, type Body, type Engine } from './inference.ts'
import { psAnswer, showAnswer, tagsAnswer } from './library.ts'
import type { SimModel } from './models.ts'
import { embedAnswer, embeddingsAnswer, inferNative, ndjson, sendStream } from './native.ts'
import { embedOpenai, inferOpenai, modelsAnswer, openaiModel } from './openai.ts'
import { pull } from './pull.ts'
import { disturb } from './spoil.ts'

export type Handler = (exchange: Exchange, faults: readonly Fault[]) => void | Promise<void>

export interface RouteOptions {
  readonly version: string
  readonly registry: readonly SimModel[]
}

const nameOf = (body: Body): string => textOf(body['model']) || textOf(body['name'])

const running: Handler = (exchange) => sendText(exchange, 200, 'Ollama is running')

/** `METHOD /path` to what answers it. */
export function createRoutes(engine: Engine, options: RouteOptions): ReadonlyMap<string, Handler> {
  const { library, scheduler, timeScale } = engine
  const version: Handler = (exchange) => sendJson(exchange, 200, { version: options.version })
  const tags: Handler = (exchange) => sendJson(exchange, 200, tagsAnswer(library))
  return new Map<string, Handler>([
    ['GET /', running],
    ['HEAD /', running],
    ['GET /api/version', version],
    ['HEAD /api/version', version],
    ['GET /api/status', (exchange) => sendJson(exchange, 200, { cloud: { disabled: true, source: 'config' } })],
    ['GET /api/tags', tags],
    ['HEAD /api/tags', tags],
    ['GET /api/ps', (exchange) => sendJson(exchange, 200, psAnswer(scheduler.loaded, timeScale))],
    ['POST /api/show', show(engine)],
    ['POST /api/generate', (exchange, faults) => inferNative(engine, 'generate', exchange, faults)],
    ['POST /api/chat', (exchange, faults) => inferNative(engine, 'chat', exchange, faults)],
    ['POST /api/embed', async (x) => sendJson(x, 200, await embedAnswer(engine, await x.body(), x.signal))],
    ['POST /api/embeddings', async (x) => sendJson(x, 200, await embeddingsAnswer(engine, await x.body(), x.signal))],
    ['POST /api/pull', pulling(engine, options.registry)],
    ['POST /api/copy', copy(engine)],
    ['DELETE /api/delete', remove(engine)],
    ['POST /api/create', cannot('create models')],
    ['POST /api/push', cannot('push models')],
    ['GET /v1/models', (exchange) => sendOpenai(exchange, 200, modelsAnswer(library))],
    ['GET /v1/models/*', oneModel(engine)],
    ['POST /v1/chat/completions', (exchange, faults) => inferOpenai(engine, 'chat', exchange, faults)],
    ['POST /v1/completions', (exchange, faults) => inferOpenai(engine, 'generate', exchange, faults)],
    ['POST /v1/embeddings', (exchange) => embedOpenai(engine, exchange)],
  ])
}

function cannot(what: string): Handler {
  return () => {
    throw new OllamaFailure(501, `this is a simulated Ollama: it cannot ${what}`)
  }
}

function show({ library }: Engine): Handler {
  return async (exchange) => {
    const name = nameOf(await exchange.body())
    if (name === '') throw badRequest('model is required')
    const found = library.find(name)
    if (found === undefined) throw notFound(name)
    sendJson(exchange, 200, showAnswer(found))
  }
}

function oneModel(engine: Engine): Handler {
  return (exchange) => {
    const name = decodeURIComponent(exchange.path.slice('/v1/models/'.length))
    sendOpenai(exchange, 200, openaiModel(name, findModel(engine, { model: name }).modifiedAt))
  }
}

function pulling({ library, timeScale }: Engine, registry: readonly SimModel[]): Handler {
  return async (exchange, faults) => {
    const body = await exchange.body()
    const steps = pull(nameOf(body), registry, library, timeScale, exchange.signal)
    const progress = disturb(steps, faults, exchange.signal)
    if (body['stream'] !== false) return sendStream(exchange, progress, ndjson)
    let last: object = {}
    for await (const step of progress) last = step
    sendJson(exchange, 200, last)
  }
}

function copy({ library }: Engine): Handler {
  return async (exchange) => {
    const body = await exchange.body()
    const [source, destination] = [textOf(body['source']), textOf(body['destination'])]
    if (source === '') throw badRequest('source "" is invalid')
    const found = library.find(source)
    if (found === undefined) throw new OllamaFailure(404, `model "${source}" not found`)
    if (destination === '') throw badRequest('destination "" is invalid')
    library.add(destination, found.model)
    exchange.res.writeHead(200, { 'content-length': 0 }).end()
  }
}

function remove({ library }: Engine): Handler {
  return async (exchange) => {
    const name = nameOf(await exchange.body())
    if (name === '') throw badRequest('model is required')
    if (!library.remove(name)) throw notFound(name)
    exchange.res.writeHead(200, { 'content-length': 0 }).end()
  }
}
