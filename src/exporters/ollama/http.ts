import type { Agent, IncomingMessage, request as sendRequest, RequestOptions } from 'node:http'

export interface HttpOptions {
  readonly url: string
  readonly token?: string
  readonly maxBytes: number
}

export interface Answer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

export interface Http {
  /** Any complete answer, whatever its status. Rejects on connection errors, cut or overlong bodies, and on abort. */
  send(method: 'GET' | 'POST' | 'DELETE', path: string, signal: AbortSignal, body?: unknown): Promise<Answer>
  close(): void
}

interface Transport {
  readonly request: typeof sendRequest
  readonly agent: Agent
}

interface Target {
  readonly base: URL
  readonly headers: Record<string, string>
}

/** A small keep-alive client; fetch would do, but loading undici costs several megabytes. */
export function createHttp({ url, token, maxBytes }: HttpOptions): Http {
  const transports = new Map<string, Transport>()
  const { base, headers } = parseTarget(url, token)

  function attempt(method: string, path: string, signal: AbortSignal, payload: string | undefined): Promise<Answer> {
    const { request, agent } = transportOf(base.protocol, transports)
    return exchange(
      request,
      {
        method,
        hostname: base.hostname.replace(/^\[|\]$/g, ''),
        port: base.port,
        path: base.pathname.replace(/\/+$/, '') + path,
        headers: payload === undefined ? headers : { ...headers, ...describing(payload) },
        agent,
        signal,
      },
      payload,
      maxBytes,
    ).catch((error: unknown) => {
      throw describe(error, signal, `${method} ${base.origin}${path}`)
    })
  }

  return {
    send: (method, path, signal, body) =>
      attempt(method, path, signal, body === undefined ? undefined : JSON.stringify(body)),
    close() {
      for (const { agent } of transports.values()) agent.destroy()
    },
  }
}

/** With its length: without one Node would send the body of a DELETE as if it were the next request. */
const describing = (payload: string) => ({
  'content-type': 'application/json',
  'content-length': String(Buffer.byteLength(payload)),
})

// Not imported: an ES import of node:http makes Node load its WebSocket client, 13 MB.
const load = (protocol: string) =>
  protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http')

function transportOf(protocol: string, known: Map<string, Transport>): Transport {
  let transport = known.get(protocol)
  if (transport === undefined) {
    const { Agent, request } = load(protocol)
    transport = { request, agent: new Agent({ keepAlive: true, maxSockets: 8, maxFreeSockets: 4 }) }
    known.set(protocol, transport)
  }
  return transport
}

function parseTarget(text: string, token: string | undefined): Target {
  const base = new URL(text)
  const headers: Record<string, string> = { accept: 'application/json, text/plain' }
  if (token !== undefined && token !== '') headers['authorization'] = `Bearer ${token}`
  else if (base.username !== '') {
    const pair = `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`
  }
  return { base, headers }
}

/** One request. A kept-alive socket that the server closed in that very moment is worth one second try. */
function exchange(
  request: typeof sendRequest,
  options: RequestOptions,
  payload: string | undefined,
  maxBytes: number,
  retried = false,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = request(options, (res) => {
      collect(res, maxBytes).then(resolve, reject)
    })
    req.on('error', (error) => {
      const stale = req.reusedSocket && codeOf(error) === 'ECONNRESET' && !retried
      if (stale) exchange(request, options, payload, maxBytes, true).then(resolve, reject)
      else reject(error)
    })
    req.end(payload)
  })
}

function collect(res: IncomingMessage, maxBytes: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    res.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) res.destroy(new Error(`the answer is longer than ${maxBytes} bytes`))
      else chunks.push(chunk)
    })
    res.on('error', reject)
    res.on('end', () => {
      if (!res.complete) return reject(new Error('the answer was cut short'))
      const body = chunks.length === 1 ? (chunks[0] as Buffer).toString() : Buffer.concat(chunks).toString()
      resolve({ status: res.statusCode ?? 0, contentType: res.headers['content-type'] ?? '', body })
    })
    res.on('close', () => reject(new Error('the answer was cut short')))
  })
}

/** Error code of a failed connection (`ECONNREFUSED`, …), if it has one. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  return codeOf(error.cause)
}

function describe(error: unknown, signal: AbortSignal, what: string): Error {
  if (signal.aborted && signal.reason instanceof Error) return signal.reason
  const cause = error instanceof Error ? error : new Error(String(error))
  // Node joins the failures of several addresses in an error without a message.
  return new Error(`${what}: ${cause.message || (codeOf(cause) ?? cause.name)}`, { cause })
}

/** The JSON of an answer with status 200; throws an error that begins with `what` for any other. */
export function parseJson({ status, contentType, body }: Answer, what: string): unknown {
  if (status !== 200) throw new Error(`${what}: status ${status}: ${body.slice(0, 200).trim()}`)
  try {
    return JSON.parse(body)
  } catch (error) {
    throw new Error(`${what}: the answer is not JSON (${contentType || 'no content type'})`, { cause: error })
  }
}
