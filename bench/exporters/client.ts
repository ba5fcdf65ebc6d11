import { Agent, request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'

/** What Prometheus 2.42 sends with every scrape. */
const prometheusHeaders: OutgoingHttpHeaders = {
  accept:
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  'accept-encoding': 'gzip',
  'user-agent': 'Prometheus/2.42.0',
  'x-prometheus-scrape-timeout-seconds': '10',
}

export interface Scraped {
  /** From sending the request to the last byte of the answer, ms. */
  readonly milliseconds: number
  /** The body as it came over the wire. */
  readonly body: Buffer
  readonly gzipped: boolean
}

/** A scraper with kept connections, as many as it has requests under way. */
export interface Client {
  scrape(): Promise<Scraped>
  close(): void
}

/** Scrapes `url` as Prometheus does; `headers` replace its own. Anything but 200 is an error. */
export function makeClient(url: string, headers: OutgoingHttpHeaders = {}): Client {
  const agent = new Agent({ keepAlive: true })
  const options = { agent, headers: { ...prometheusHeaders, ...headers }, timeout: 30_000 }
  const scrape = (): Promise<Scraped> =>
    new Promise((resolve, reject) => {
      const start = performance.now()
      const asked = request(url, options, (response) => {
        collect(response).then((body) => {
          const milliseconds = performance.now() - start
          if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`))
          else resolve({ milliseconds, body, gzipped: response.headers['content-encoding'] === 'gzip' })
        }, reject)
      })
      asked.on('timeout', () => asked.destroy(new Error(`${url}: no answer within 30 s`)))
      asked.on('error', reject)
      asked.end()
    })
  return { scrape, close: () => agent.destroy() }
}

async function collect(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of response) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
