import type { HttpGet } from './prometheus.ts'

const longest = 16 * 1024 * 1024

/** GET within `ms`, of at most 16 MiB, without the weight of fetch; a user and password in the URL are sent as basic auth. */
export function createHttpGet(ms: number): HttpGet {
  return (url) => {
    const { get } = process.getBuiltinModule(url.startsWith('https:') ? 'node:https' : 'node:http')
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(ms)
      const fail = (error: Error): void => reject(signal.aborted ? new Error(`no answer within ${ms} ms`) : error)
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
