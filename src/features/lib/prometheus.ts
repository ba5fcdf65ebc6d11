import type { HttpGet } from '../../lib/http-get.ts'
import { reasonOf } from './failing.ts'

/** A Prometheus to ask, if there is one. Rejects with one line why there is no answer. */
export interface Prometheus {
  /** `http://127.0.0.1:9090`, without what must stay secret; undefined while there is none. */
  readonly source: string | undefined
  /** The `data` of an answer of the API; one question of a kind is in flight at a time. */
  get(path: string, parameters?: Readonly<Record<string, string>>): Promise<unknown>
}

/** There is no Prometheus, or it does not answer. The message says so in one line. */
export class NoPrometheusError extends Error {
  readonly code = 'NO_PROMETHEUS'
  readonly statusCode = 503
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new NoPrometheusError('Prometheus answered something that is no JSON')
  }
}

function dataOf(status: number, body: string): unknown {
  const answer = parse(body) as { status?: unknown; data?: unknown; error?: unknown } | null
  if (answer?.status === 'success') return answer.data
  throw new NoPrometheusError(`Prometheus refused (${status}): ${reasonOf(answer?.error ?? 'no reason given')}`)
}

/** A URL without user, password and what follows the path. */
export function publicUrl(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + (pathname === '/' ? '' : pathname.replace(/\/$/, ''))
}

/** `address`: URL, or `host:port`, of Prometheus; asked for at each question. `why`: what to say while there is none. */
export function createPrometheus(address: () => string | undefined, get: HttpGet, why: () => string): Prometheus {
  const flights = new Map<string, Promise<unknown>>()
  const base = (): string | undefined => {
    const known = address()
    if (known === undefined || known === '') return undefined
    return (known.includes('://') ? known : `http://${known}`).replace(/\/$/, '')
  }

  async function ask(url: string): Promise<unknown> {
    const answer = await get(url).catch((error: unknown) => {
      throw new NoPrometheusError(`Prometheus does not answer: ${reasonOf(error)}`, { cause: error })
    })
    return dataOf(answer.status, answer.body)
  }

  return {
    get source() {
      const url = base()
      return url === undefined ? undefined : publicUrl(url)
    },
    async get(path, parameters = {}) {
      const at = base()
      if (at === undefined) throw new NoPrometheusError(why())
      const query = new URLSearchParams(parameters).toString()
      const url = `${at}${path}${query === '' ? '' : `?${query}`}`
      const flight = flights.get(url) ?? ask(url).finally(() => flights.delete(url))
      flights.set(url, flight)
      return flight
    },
  }
}
