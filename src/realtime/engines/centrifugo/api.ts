import type { Agent, IncomingMessage, RequestOptions } from 'node:http'
import type { Socket } from 'node:net'

/** One answer of a batch, under the name of its command. */
export interface BatchReply {
  readonly error?: { readonly code: number; readonly message: string }
  readonly history?: { readonly publications?: readonly { readonly tags?: Readonly<Record<string, string>> }[] }
  readonly info?: { readonly nodes?: readonly { readonly uid?: string }[] }
  readonly channels?: { readonly channels?: Readonly<Record<string, { readonly num_clients?: number }>> }
}

/** Centrifugo's server API. */
export interface CentrifugoApi {
  /** Carries out commands in order; each is the JSON of one. Rejects when not all of them were answered. */
  batch(commands: readonly string[]): Promise<readonly BatchReply[]>
  /** Counts kept connections that ended: whoever answers on the next one may have begun anew. */
  readonly generation: number
  /** Ends what is under way; nothing can be asked afterwards. */
  close(): void
}

export interface CentrifugoApiOptions {
  /** Where Centrifugo serves its API, without `/api`. */
  readonly url: string
  readonly key: string
  /** Longest time one answer may take, ms. */
  readonly timeout: number
}

const longest = 8 * 1024 * 1024

function read(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let body = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      body += chunk
      if (body.length > longest) response.destroy(new Error('the answer is too long'))
    })
    response.on('error', reject)
    response.on('end', () => resolve(body))
  })
}

function parse(status: number, body: string, asked: number): readonly BatchReply[] {
  if (status === 401 || status === 403) throw new Error('it does not accept the key of realtime.centrifugo.api_key')
  if (status !== 200) throw new Error(`it answers with status ${status}`)
  const { replies } = JSON.parse(body) as { replies?: readonly BatchReply[] }
  if (replies?.length !== asked) throw new Error('it does not answer as the API of Centrifugo does')
  return replies
}

/** A client of that API over one kept connection: commands never overtake each other. */
export function createCentrifugoApi({ url, key, timeout }: CentrifugoApiOptions): CentrifugoApi {
  const endpoint = new URL(`${url.replace(/\/+$/, '')}/api/batch`)
  const http = process.getBuiltinModule(endpoint.protocol === 'https:' ? 'node:https' : 'node:http')
  const agent: Agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const closing = new AbortController()
  const known = new WeakSet<Socket>()
  let generation = 0

  function watch(socket: Socket): void {
    if (known.has(socket)) return
    known.add(socket)
    socket.once('close', () => generation++)
  }
  async function post(body: string): Promise<{ status: number; body: string }> {
    const late = AbortSignal.timeout(timeout)
    const headers = { 'content-type': 'application/json', 'x-api-key': key, 'content-length': Buffer.byteLength(body) }
    const signal = AbortSignal.any([closing.signal, late])
    const options: RequestOptions = { method: 'POST', agent, signal, headers }
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        http.request(endpoint, options, resolve).on('socket', watch).on('error', reject).end(body)
      })
      return { status: response.statusCode ?? 0, body: await read(response) }
    } catch (error) {
      throw late.aborted ? new Error(`no answer within ${timeout} ms`, { cause: error }) : error
    }
  }
  return {
    async batch(commands) {
      const answer = await post(`{"commands":[${commands.join(',')}]}`)
      return parse(answer.status, answer.body, commands.length)
    },
    get generation() {
      return generation
    },
    close() {
      closing.abort()
      agent.destroy()
    },
  }
}
