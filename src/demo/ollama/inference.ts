import { performance } from 'node:perf_hooks'
import { complete, ns, type CompletionRequest, type Stats } from './completion.ts'
import { textOf } from './exchange.ts'
import { badRequest, notFound, OllamaFailure } from './failure.ts'
import { parseKeepAlive } from './go-duration.ts'
import type { Installed, Library } from './library.ts'
import { runnerOptions } from './runner.ts'
import type { Lease } from './residents.ts'
import type { Scheduler } from './scheduler.ts'

export interface Engine {
  readonly library: Library
  readonly scheduler: Scheduler
  readonly timeScale: number
  readonly defaultContext: number
  /** Part of what decides every text. */
  readonly seed: string
}

export type Body = Readonly<Record<string, unknown>>
/** A chunk of /api/generate or /api/chat. */
export type Chunk = Readonly<Record<string, unknown>>
export type Kind = 'generate' | 'chat'

/** Either one plain answer (the model was only loaded or unloaded), or a stream that ends with `done: true`. */
export type Outcome = { readonly single: Chunk } | { readonly chunks: AsyncGenerator<Chunk, void> }

export const optionsOf = (body: Body): Body => (body['options'] ?? {}) as Body
const nameOf = (body: Body): string => textOf(body['model'])

/** The model of a request, or what Ollama answers if there is none. */
export function findModel(engine: Engine, body: Body, missing: (name: string) => OllamaFailure = notFound): Installed {
  // Ollama reads the whole body before it looks for anything: a wrong keep_alive is told first.
  parseKeepAlive(body['keep_alive'])
  const found = nameOf(body) === '' ? undefined : engine.library.find(nameOf(body))
  if (found === undefined) throw missing(nameOf(body))
  return found
}

/** Gets the model of a request into memory. */
export function acquire(engine: Engine, { name, model }: Installed, body: Body, signal: AbortSignal): Promise<Lease> {
  const options = runnerOptions(optionsOf(body), engine.defaultContext)
  return engine.scheduler.acquire({ name, model, options, keepAlive: parseKeepAlive(body['keep_alive']) }, signal)
}

/** Does what /api/generate and /api/chat do up to the first chunk. Rejects with an `OllamaFailure`. */
export async function begin(engine: Engine, kind: Kind, body: Body, signal: AbortSignal): Promise<Outcome> {
  const started = performance.now()
  const found = check(engine, kind, body)
  const prompt = promptOf(kind, body)
  if (prompt === '' && parseKeepAlive(body['keep_alive']) === 0) {
    engine.scheduler.expire(found.model.blob)
    return { single: chunk(kind, body, '', { done: true, done_reason: 'unload' }) }
  }
  const lease = await acquire(engine, found, body, signal)
  if (prompt === '') {
    lease.release()
    return { single: chunk(kind, body, '', { done: true, done_reason: 'load' }) }
  }
  return { chunks: stream(engine, kind, body, prompt, { lease, started, ready: performance.now() }, signal) }
}

function check(engine: Engine, kind: Kind, body: Body): Installed {
  const found = findModel(engine, body, (name) =>
    kind === 'chat' && name === '' ? badRequest('model is required') : notFound(name),
  )
  const { capabilities } = found.model
  if (!capabilities.includes('completion')) throw badRequest(`"${nameOf(body)}" does not support ${kind}`)
  if (body['think'] && !capabilities.includes('thinking')) {
    throw badRequest(`"${nameOf(body)}" does not support thinking`)
  }
  if (Array.isArray(body['tools']) && body['tools'].length > 0 && !capabilities.includes('tools')) {
    throw badRequest(`registry.ollama.ai/library/${found.name} does not support tools`)
  }
  return found
}

function promptOf(kind: Kind, body: Body): string {
  if (kind === 'generate') return textOf(body['prompt'])
  const messages = Array.isArray(body['messages']) ? (body['messages'] as { content?: unknown }[]) : []
  return messages.map((message) => textOf(message.content)).join('\n') + (messages.length > 0 ? '\n' : '')
}

interface Running {
  readonly lease: Lease
  readonly started: number
  readonly ready: number
}

async function* stream(
  engine: Engine,
  kind: Kind,
  body: Body,
  prompt: string,
  { lease, started, ready }: Running,
  signal: AbortSignal,
): AsyncGenerator<Chunk, void> {
  const { runner } = lease
  const pieces = complete(runner, completionOf(engine, runner.model, body, prompt), engine.timeScale, signal)
  try {
    for (;;) {
      const next = await pieces.next()
      if (next.done === true) return yield chunk(kind, body, '', finalOf(kind, next.value, started, ready))
      yield chunk(kind, body, next.value.text, { done: false }, next.value.thinking)
    }
  } finally {
    // Whoever stops listening before the end leaves the slot, too.
    await pieces.return(undefined as never)
    lease.release()
  }
}

function completionOf(engine: Engine, model: Installed['model'], body: Body, prompt: string): CompletionRequest {
  const { seed, num_predict } = optionsOf(body)
  const format = body['format']
  return {
    prompt,
    seed: `${engine.seed} ${JSON.stringify(seed) ?? ''} ${model.name} ${prompt}`,
    limit: typeof num_predict === 'number' ? num_predict : undefined,
    think: model.capabilities.includes('thinking') && body['think'] !== false,
    format: format === null || format === '' ? undefined : format,
  }
}

/** Zeros are left out, as Go's omitempty does. */
function finalOf(kind: Kind, stats: Stats, started: number, ready: number): Chunk {
  const numbers = {
    total_duration: ns(performance.now() - started),
    load_duration: ns(ready - started),
    prompt_eval_count: stats.promptTokens,
    prompt_eval_duration: stats.promptDuration,
    eval_count: stats.tokens,
    eval_duration: stats.duration,
  }
  const context = kind === 'generate' ? { context: Array.from({ length: 16 }, (_, i) => 128_000 + i) } : {}
  const present = Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== 0))
  return { done: true, done_reason: stats.reason, ...context, ...present }
}

function chunk(kind: Kind, body: Body, text: string, rest: Chunk, thinking = false): Chunk {
  const head = { model: body['model'], created_at: new Date().toISOString() }
  const content = thinking ? '' : text
  const thought = thinking ? { thinking: text } : {}
  if (kind === 'generate') return { ...head, response: content, ...thought, ...rest }
  return { ...head, message: { role: 'assistant', content, ...thought }, ...rest }
}

/** The one answer that `stream: false` gets for a stream of chunks. */
export async function gather(kind: Kind, chunks: AsyncIterable<Chunk>): Promise<Chunk> {
  let content = ''
  let thinking = ''
  let last: Chunk = {}
  for await (const next of chunks) {
    const part = (kind === 'chat' ? next['message'] : next) as Record<string, string | undefined>
    content += part[kind === 'chat' ? 'content' : 'response'] ?? ''
    thinking += part['thinking'] ?? ''
    last = next
  }
  const thought = thinking === '' ? {} : { thinking }
  if (kind === 'generate') return { ...last, response: content, ...thought }
  return { ...last, message: { role: 'assistant', content, ...thought } }
}
