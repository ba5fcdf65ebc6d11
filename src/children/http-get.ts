// Not imported: an ES import of node:http makes Node load its WebSocket client, 13 MB.
const { get } = process.getBuiltinModule('node:http')

export interface Answer {
  readonly status: number
  readonly body: string
}

const most = 64 * 1024

/** One GET to a neighbour, without the weight of fetch. Undefined if nothing, or nothing that speaks HTTP, answers in time. */
export function httpGet(url: string, ms: number): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, signal: AbortSignal.timeout(ms) }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        body += chunk
        if (body.length > most) response.destroy()
      })
      response.on('error', () => resolve(undefined))
      response.on('close', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    request.on('error', () => resolve(undefined))
  })
}
