export interface Answer {
  readonly status: number
  readonly body: string
}

/** GET of a page. Rejects when there is no answer in time; the message says why in one line. */
export type HttpGet = (url: string) => Promise<Answer>

const longest = 16 * 1024 * 1024

/** Several addresses of one name that all fail make an error whose own message is empty. */
const first = (error: Error): Error =>
  error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error

/**
 * GET within `ms`, of at most 16 MiB, without the weight of fetch; a user and password in the URL are sent as basic
 * auth. Not imported but asked for: an ES import of node:http makes Node load its WebSocket client, 13 MB.
 */
export function createHttpGet(ms: number): HttpGet {
  return (url) => {
    const { get } = process.getBuiltinModule(url.startsWith('https:') ? 'node:https' : 'node:http')
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(ms)
      const fail = (error: Error): void =>
        reject(signal.aborted ? new Error(`no answer within ${ms} ms`) : first(error))
      const request = get(url, { agent: false, signal }, (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          body += chunk
          if (body.length > longest) response.destroy(new Error('the answer is too long'))
        })
        response.on('error', fail)
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
      })
      request.on('error', fail)
    })
  }
}
