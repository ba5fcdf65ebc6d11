import { encode, sendJson, sendOpenai, type Exchange } from './exchange.ts'
import type { Fault } from './faults.ts'
import { begin, gather, type Body, type Chunk, type Engine, type Kind } from './inference.ts'
import type { Library } from './library.ts'
import { embedAnswer, sendStream, type Framing } from './native.ts'
import { disturb } from './spoil.ts'

/** The `error` object of /v1. */
export function openaiError(status: number, message: string): object {
  const type = status === 400 ? 'invalid_request_error' : status === 404 ? 'not_found_error' : 'api_error'
  return { error: { message, type, param: null, code: null } }
}

/** /v1/chat/completions (`chat`) and /v1/completions (`generate`). */
export async function inferOpenai(
  engine: Engine,
  kind: Kind,
  exchange: Exchange,
  faults: readonly Fault[],
): Promise<void> {
  const body = await exchange.body()
  if (kind === 'chat' && !(Array.isArray(body['messages']) && body['messages'].length > 0)) {
    return sendJson(exchange, 400, openaiError(400, "[] is too short - 'messages'"))
  }
  const outcome = await begin(engine, kind, toNative(body), exchange.signal)
  const id = `${kind === 'chat' ? 'chatcmpl' : 'cmpl'}-${Math.floor(Math.random() * 999)}`
  if ('single' in outcome) return sendOpenai(exchange, 200, whole(kind, id, outcome.single))
  const chunks = disturb(outcome.chunks, faults, exchange.signal)
  if (body['stream'] !== true) return sendOpenai(exchange, 200, whole(kind, id, await gather(kind, chunks)))
  const options = body['stream_options'] as { include_usage?: boolean } | undefined
  await sendStream(exchange, chunks, sse(kind, id, options?.include_usage === true))
}

function toNative(body: Body): Body {
  const { model, messages, prompt, tools, max_tokens, seed, temperature, stop } = body
  const options = { num_predict: max_tokens ?? undefined, seed: seed ?? undefined, temperature, stop }
  const { type, json_schema } = (body['response_format'] ?? {}) as { type?: string; json_schema?: { schema?: object } }
  const format = type === 'json_schema' ? json_schema?.schema : type === 'json_object' ? 'json' : undefined
  const think = body['reasoning_effort'] === 'none' ? { think: false } : {}
  return { model, messages, prompt, tools, options, format, ...think }
}

function usage(chunk: Chunk): object {
  const prompt = Number(chunk['prompt_eval_count'] ?? 0)
  const completion = Number(chunk['eval_count'] ?? 0)
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

function messageOf(chunk: Chunk): object {
  const { content, thinking } = (chunk['message'] ?? {}) as { content?: string; thinking?: string }
  const reasoning = thinking === undefined ? {} : { reasoning: thinking }
  return { role: 'assistant', content: content ?? '', ...reasoning }
}

function choice(kind: Kind, chunk: Chunk, key: 'message' | 'delta'): object {
  const finish_reason = chunk['done_reason'] ?? null
  if (kind === 'generate') return { text: chunk['response'] ?? '', index: 0, finish_reason }
  return { index: 0, [key]: messageOf(chunk), finish_reason }
}

function head(kind: Kind, id: string, object: string, chunk: Chunk): Chunk {
  const created = Math.floor(Date.now() / 1000)
  const model = chunk['model'] ?? ''
  return { id, object: kind === 'chat' ? object : 'text_completion', created, model, system_fingerprint: 'fp_ollama' }
}

function whole(kind: Kind, id: string, chunk: Chunk): Chunk {
  return { ...head(kind, id, 'chat.completion', chunk), choices: [choice(kind, chunk, 'message')], usage: usage(chunk) }
}

/** Keys of a streamed chunk in Ollama's order, which differs between the two routes. */
function order(kind: Kind, start: Chunk, choices: object[], rest: object): object {
  const { model, system_fingerprint, ...first } = start
  if (kind === 'chat') return { ...start, choices, ...rest }
  return { ...first, choices, model, system_fingerprint, ...rest }
}

const event = (value: object): string => `data: ${encode(value)}\n\n`

/** Server-sent events. As in Ollama, a failure in mid-stream shows as an empty chunk and a missing [DONE]. */
function sse(kind: Kind, id: string, includeUsage: boolean): Framing {
  const zeros = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }
  const frame = (chunk: Chunk): string => {
    const start = head(kind, id, 'chat.completion.chunk', chunk)
    const counting = includeUsage && kind === 'generate' ? { usage: zeros } : {}
    const piece = event(order(kind, start, [choice(kind, chunk, 'delta')], counting))
    if (chunk['done'] !== true) return piece
    const total = includeUsage ? event(order(kind, start, [], { usage: usage(chunk) })) : ''
    return `${piece}${total}data: [DONE]\n\n`
  }
  return { contentType: 'text/event-stream', frame, fail: () => frame({}) }
}

/** /v1/embeddings. */
export async function embedOpenai(engine: Engine, exchange: Exchange): Promise<void> {
  const body = await exchange.body()
  const { input, encoding_format } = body
  if (input === undefined || input === null || input === '') {
    return sendJson(exchange, 400, openaiError(400, 'invalid input'))
  }
  const answer = await embedAnswer(engine, body, exchange.signal)
  const tokens = answer['prompt_eval_count'] ?? 0
  const data = (answer['embeddings'] as number[][]).map((vector, index) => ({
    object: 'embedding',
    embedding: encoding_format === 'base64' ? Buffer.from(new Float32Array(vector).buffer).toString('base64') : vector,
    index,
  }))
  const counts = { prompt_tokens: tokens, total_tokens: tokens }
  sendOpenai(exchange, 200, { object: 'list', data, model: body['model'], usage: counts })
}

/** Answer of /v1/models. */
export function modelsAnswer(library: Library): object {
  const data = library.list().map(({ name, modifiedAt }) => openaiModel(name, modifiedAt))
  return { object: 'list', data }
}

export const openaiModel = (id: string, modifiedAt: Date): object => ({
  id,
  object: 'model',
  created: Math.floor(modifiedAt.getTime() / 1000),
  owned_by: 'library',
})
