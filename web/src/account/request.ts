import { traceParent } from '../trace-parent.ts'

/** Why a request came to nothing: the server's words, and what a page needs to act on them. */
export interface Refusal {
  /** 0: the server was not reached. */
  readonly status: number
  readonly code: string
  readonly message: string
  /** Seconds until it is worth trying again. */
  readonly retryAfter?: number | undefined
  /** The rest of the error: `capability`, `version`, `grantors`. */
  readonly details: Readonly<Record<string, unknown>>
}

export type Sent<T> = { readonly value: T; readonly refusal?: undefined } | { readonly refusal: Refusal }

export interface Order {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly csrf?: string | undefined
  readonly signal?: AbortSignal | undefined
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const textOf = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise)

/** Reads an answer that is no success; `body` may be anything. */
export function readRefusal(status: number, body: unknown, retryAfter: string | null): Refusal {
  const error = isObject(body) && isObject(body['error']) ? body['error'] : {}
  const seconds = Number(retryAfter ?? error['retryAfter'] ?? NaN)
  return {
    status,
    code: textOf(error['code'], 'FAILED'),
    message: textOf(error['message'], `The server answered ${status}`),
    ...(Number.isFinite(seconds) && { retryAfter: seconds }),
    details: error,
  }
}

const unreachable: Refusal = { status: 0, code: 'UNREACHABLE', message: 'The server cannot be reached', details: {} }

function headersOf({ body, csrf }: Order): Record<string, string> {
  return {
    accept: 'application/json',
    ...traceParent(),
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(csrf !== undefined && { 'x-csrf-token': csrf }),
  }
}

/** One request of the API. Never rejects: a failure is an answer too. */
export async function request<T>(order: Order): Promise<Sent<T>> {
  const { method, path, body, signal } = order
  try {
    const response = await fetch(path, {
      method,
      headers: headersOf(order),
      body: body === undefined ? null : JSON.stringify(body),
      cache: 'no-store',
      signal: signal ?? null,
    })
    const answer: unknown = await response.json().catch(() => undefined)
    if (response.ok && answer !== undefined) return { value: answer as T }
    return { refusal: readRefusal(response.status, answer, response.headers?.get('retry-after') ?? null) }
  } catch {
    return { refusal: unreachable }
  }
}

/** A path with those parameters that are given. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const parameters = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== '') parameters.set(key, String(value))
  const text = parameters.toString()
  return text === '' ? path : `${path}?${text}`
}
