import { performance } from 'node:perf_hooks'
import { ns } from './completion.ts'
import { encode, sendJson, textOf, writePiece, type Exchange } from './exchange.ts'
import { badRequest, notFound, notPulled } from './failure.ts'
import type { Fault } from './faults.ts'
import { acquire, begin, findModel, gather, type Body, type Chunk, type Engine, type Kind } from './inference.ts'
import { disturb, StreamCut } from './spoil.ts'
import { countTokens, embed } from './text.ts'

/** How a stream of chunks is put on the wire. */
export interface Framing {
  readonly contentType: string
  frame(chunk: Chunk): string
  /** A failure after the first chunk; the status has long been sent. */
  fail(message: string): string
}

export const ndjson: Framing = {
  contentType: 'application/x-ndjson',
  frame: (chunk) => `${encode(chunk)}\n`,
  fail: (message) => `${encode({ error: message })}\n`,
}

/** /api/generate and /api/chat. */
export async function inferNative(
  engine: Engine,
  kind: Kind,
  exchange: Exchange,
  faults: readonly Fault[],
): Promise<void> {
  const body = await exchange.body()
  const outcome = await begin(engine, kind, body, exchange.signal)
  if ('single' in outcome) return sendJson(exchange, 200, outcome.single)
  const chunks = disturb(outcome.chunks, faults, exchange.signal)
  if (body['stream'] === false) return sendJson(exchange, 200, await gather(kind, chunks))
  await sendStream(exchange, chunks, ndjson)
}

/** Sends chunks as they come. What fails before the first one is still thrown. */
export async function sendStream(exchange: Exchange, chunks: AsyncIterable<Chunk>, framing: Framing): Promise<void> {
  const { res } = exchange
  try {
    for await (const chunk of chunks) {
      if (!res.headersSent) res.writeHead(200, { 'content-type': framing.contentType })
      await writePiece(exchange, framing.frame(chunk))
    }
    res.end()
  } catch (error) {
    if (!res.headersSent || error instanceof StreamCut) throw error
    res.end(framing.fail(error instanceof Error ? error.message : String(error)))
  }
}

/** Texts of an embedding request; throws what Ollama answers to anything but a string or strings. */
function inputsOf(input: unknown): string[] {
  if (input === undefined || input === null || input === '') return []
  if (typeof input === 'string') return [input]
  if (Array.isArray(input) && input.every((text) => typeof text === 'string')) return input
  throw badRequest('invalid input type')
}

/** Answer of /api/embed. */
export async function embedAnswer(engine: Engine, body: Body, signal: AbortSignal): Promise<Chunk> {
  const started = performance.now()
  const inputs = inputsOf(body['input'])
  const found = findModel(engine, body, (name) => (name === '' ? notFound(name) : notPulled(name)))
  const lease = await acquire(engine, found, body, signal)
  try {
    const ready = performance.now()
    if (inputs.length === 0) return { model: body['model'], embeddings: [] }
    const free = await lease.runner.slots.take(signal)
    const dimensions = Number(body['dimensions'] ?? 0) || lease.runner.model.embeddingLength
    const embeddings = inputs.map((text) => embed(text, Math.min(dimensions, lease.runner.model.embeddingLength)))
    free()
    return {
      model: body['model'],
      embeddings,
      total_duration: ns(performance.now() - started),
      load_duration: ns(ready - started),
      prompt_eval_count: inputs.reduce((total, text) => total + countTokens(text), 0),
    }
  } finally {
    lease.release()
  }
}

/** Answer of /api/embeddings, the older route. */
export async function embeddingsAnswer(engine: Engine, body: Body, signal: AbortSignal): Promise<Chunk> {
  const found = findModel(engine, body, (name) => (name === '' ? badRequest('model is required') : notPulled(name)))
  const lease = await acquire(engine, found, body, signal)
  try {
    const prompt = textOf(body['prompt'])
    return { embedding: prompt === '' ? [] : embed(prompt, lease.runner.model.embeddingLength) }
  } finally {
    lease.release()
  }
}
