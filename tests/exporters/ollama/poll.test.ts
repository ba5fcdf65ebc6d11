import { expect, test } from 'vitest'
import { scrape } from '../../support/exposition.ts'
import { ollamaExporter, startSimulator, until } from '../../support/ollama.ts'

const asked = (requests: ReadonlyMap<string, number>): number => requests.get('GET /api/ps') ?? 0

const pause = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 60)
  })

test('a model that comes and goes between two scrapes is counted', async () => {
  const { control, url } = await startSimulator()
  const exporter = ollamaExporter(url, { poll_interval: '20ms' })
  await scrape(exporter)
  const looks = async (): Promise<void> => {
    const before = asked(control.requests)
    await until(() => asked(control.requests) >= before + 2, 'two further looks')
  }
  control.load('llama3.2:3b')
  await looks()
  control.unload('llama3.2:3b')
  await looks()
  const page = await scrape(exporter)
  expect(page.get('ollama_model_load_total')?.samples.get('{model="llama3.2:3b"}')).toBe(1)
  expect(page.get('ollama_model_unload_total')?.samples.get('{model="llama3.2:3b"}')).toBe(1)
})

test('looks begin with the first scrape, survive failures, and end with the exporter', async () => {
  const { control, url } = await startSimulator()
  const exporter = ollamaExporter(url, { poll_interval: '10ms' })
  await pause()
  expect(asked(control.requests)).toBe(0)
  await scrape(exporter)
  control.faults.add({ kind: 'status', path: '/api/ps', times: 3 })
  await until(() => asked(control.requests) > 8, 'looks after failures')
  await exporter.stop?.()
  const atStop = asked(control.requests)
  await pause()
  // One may have been under way.
  expect(asked(control.requests)).toBeLessThanOrEqual(atStop + 1)
})

test('0s looks only when scraped', async () => {
  const { control, url } = await startSimulator()
  await scrape(ollamaExporter(url, { poll_interval: '0s' }))
  await pause()
  expect(asked(control.requests)).toBe(1)
})
