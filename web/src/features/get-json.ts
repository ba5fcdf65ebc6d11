import { traceParent } from '../trace-parent.ts'

/** Why a request brought nothing, in one line for people. */
export interface Failure {
  readonly kind: 'denied' | 'unavailable' | 'failed' | 'unreachable'
  readonly reason: string
}

export type Answer<T> = { readonly value: T; readonly failure?: undefined } | { readonly failure: Failure }

const kinds: Readonly<Record<number, Failure['kind']>> = {
  401: 'denied',
  403: 'denied',
  404: 'unavailable',
  503: 'unavailable',
}

const messageOf = (body: unknown): string | undefined => {
  const message = (body as { error?: { message?: unknown } } | null)?.error?.message
  return typeof message === 'string' ? message : undefined
}

/** GET of a path of the API. Never rejects: a failure is an answer too. */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<Answer<T>> {
  try {
    const response = await fetch(path, {
      headers: { accept: 'application/json', ...traceParent() },
      signal: signal ?? null,
    })
    const body: unknown = await response.json().catch(() => undefined)
    if (response.ok && body !== undefined) return { value: body as T }
    const reason = messageOf(body) ?? `the server answered ${response.status}`
    return { failure: { kind: kinds[response.status] ?? 'failed', reason } }
  } catch {
    return { failure: { kind: 'unreachable', reason: 'the server cannot be reached' } }
  }
}
