import type { IncomingMessage, ServerResponse } from 'node:http'
import { badRequest } from './failure.ts'

/** One request and the answer under way. */
export interface Exchange {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly path: string
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal
  /** The request's JSON object. Throws what Ollama answers to a missing or broken one. */
  body(): Promise<Record<string, unknown>>
}

/** Go's name of what a route reads, for the error it gives about a body that is no object. */
function typeOf(path: string): string {
  const [name = ''] = /[a-z]+$/.exec(path) ?? []
  if (name === 'embeddings') return 'EmbeddingRequest'
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}Request`
}

/** The JSON of a request, whatever it is. Throws what Ollama answers to a missing or broken one. */
export async function readJson(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString().trim()
  if (text === '') throw badRequest('missing request body')
  try {
    return JSON.parse(text)
  } catch {
    const looksCut = text.startsWith('{') && !text.endsWith('}')
    const symbol = /^[{["]/.test(text) ? (/[^\s{["]/.exec(text)?.[0] ?? '') : text.charAt(0)
    throw badRequest(looksCut ? 'unexpected EOF' : `invalid character '${symbol}' looking for beginning of value`)
  }
}

export async function readBody(req: IncomingMessage, path: string): Promise<Record<string, unknown>> {
  const value = await readJson(req)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  const kind = Array.isArray(value) ? 'array' : typeof value
  throw badRequest(`json: cannot unmarshal ${kind} into Go value of type api.${typeOf(path)}`)
}

/** A string of a request; anything else counts as empty. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** JSON as Go writes it: what could end a script element is escaped. */
export function encode(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

export function sendJson({ res }: Pick<Exchange, 'res'>, status: number, value: unknown): void {
  const body = encode(value)
  res.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  })
  res.end(body)
}

export function sendText({ res }: Pick<Exchange, 'res'>, status: number, text: string): void {
  const type = status === 200 ? 'text/plain; charset=utf-8' : 'text/plain'
  res.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
  res.end(text)
}

/** JSON of the /v1 routes, which Ollama encodes in another way. */
export function sendOpenai({ res }: Pick<Exchange, 'res'>, status: number, value: unknown): void {
  const body = `${encode(value)}\n`
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  res.end(body)
}

/** Writes a piece of a stream, waiting while the client is slow. */
export async function writePiece({ res, signal }: Pick<Exchange, 'res' | 'signal'>, piece: string): Promise<void> {
  if (res.write(piece) || signal.aborted) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      res.off('drain', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    res.on('drain', done)
    signal.addEventListener('abort', done, { once: true })
  })
}
