import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { scrape, type Family } from '../../support/exposition.ts'
import { ollamaExporter, startSimulator } from '../../support/ollama.ts'

const succeeded = (page: Map<string, Family>, name: string): number | undefined =>
  page.get('ollama_scrape_collector_success')?.samples.get(`{collector="${name}"}`)

/** A simulated Ollama that has a /metrics besides. */
async function ollamaWith(metrics: {
  body: string
  type?: string
  status?: number
}): Promise<{ url: string; asked: () => number }> {
  const { url: real } = await startSimulator()
  let asked = 0
  const front = createServer((req, res) => {
    if (req.url === '/metrics') {
      asked++
      res.writeHead(metrics.status ?? 200, { 'content-type': metrics.type ?? 'text/plain; version=0.0.4' })
      res.end(metrics.body)
      return
    }
    void fetch(`${real}${req.url}`).then(async (answer) => res.end(await answer.text()))
  })
  await new Promise<void>((resolve) => {
    front.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    front.closeAllConnections()
    front.close()
  })
  return { url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`, asked: () => asked }
}

test('what Ollama publishes itself is relayed; what we publish wins', async () => {
  const body = [
    '# TYPE ollama_requests_queued gauge\nollama_requests_queued 4',
    '# TYPE ollama_up gauge\nollama_up 0',
    '# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total 3',
    '',
  ].join('\n')
  const { url, asked } = await ollamaWith({ body })
  const exporter = ollamaExporter(url)
  await scrape(exporter)
  const page = await scrape(exporter)
  expect(page.get('ollama_requests_queued')).toMatchObject({ type: 'gauge', samples: new Map([['', 4]]) })
  expect(page.get('ollama_up')?.samples.get('')).toBe(1)
  expect(page.has('process_cpu_seconds_total')).toBe(false)
  expect(asked()).toBe(2)
})

test.each([
  ['404', { body: '404 page not found', type: 'text/plain', status: 404 }],
  ['a web page', { body: '<html></html>', type: 'text/html' }],
])('%s is none: looked for rarely, and no failure', async (_, metrics) => {
  const { url, asked } = await ollamaWith(metrics)
  const exporter = ollamaExporter(url)
  await scrape(exporter)
  const page = await scrape(exporter)
  expect(succeeded(page, 'relay')).toBe(1)
  expect(asked()).toBe(1)
})

test('a page that cannot be read is a failure of `relay` alone', async () => {
  const { url } = await ollamaWith({ body: 'a_total 1\nthis is not it\n' })
  const page = await scrape(ollamaExporter(url))
  expect([succeeded(page, 'relay'), succeeded(page, 'ps'), succeeded(page, 'version')]).toEqual([0, 1, 1])
})
