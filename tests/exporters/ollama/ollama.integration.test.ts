import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { scrape, type Family } from '../../support/exposition.ts'
import { ollamaExporter, post, until } from '../../support/ollama.ts'
import { findOllama, startOllama, type RealOllama } from '../../support/real-ollama.ts'

const path = findOllama()
if (path === undefined) console.warn('skipped: a real Ollama: none on the PATH, and AURA_TEST_OLLAMA names none')
const withOllama = test.skipIf(path === undefined)

let ollama: RealOllama

beforeAll(async () => {
  if (path === undefined) return
  ollama = await startOllama(path)
  await ollama.install('tiny')
  await ollama.install('other')
})
afterAll(() => ollama?.stop())
beforeEach(async () => {
  if (path === undefined) return
  await run({ model: 'tiny', keep_alive: 0 })
  await until(async () => (await ps()).length === 0, 'memory is empty')
})

const run = (body: object): Promise<unknown> => post(`${ollama.url}/api/generate`, body)

async function ps(): Promise<Record<string, unknown>[]> {
  const answer = await fetch(`${ollama.url}/api/ps`)
  return ((await answer.json()) as { models: Record<string, unknown>[] }).models
}

const at = (page: Map<string, Family>, name: string, labels: string): number | undefined =>
  page.get(name)?.samples.get(labels)

withOllama('what /api/ps says is what we show', async () => {
  await run({ model: 'tiny', keep_alive: '10m', options: { num_ctx: 128 } })
  const page = await scrape(ollamaExporter(ollama.url))
  const [model] = await ps()
  const name = '{model="tiny:latest"}'
  const detailed = '{family="llama",model="tiny:latest",quant="unknown"}'
  const size = Number(model?.['size'])
  const vram = Number(model?.['size_vram'])
  expect(at(page, 'ollama_up', '')).toBe(1)
  expect(at(page, 'ollama_models_total', '')).toBe(2)
  expect(at(page, 'ollama_model_loaded', detailed)).toBe(1)
  expect(at(page, 'ollama_model_loaded', detailed.replace('tiny', 'other'))).toBe(0)
  expect(at(page, 'ollama_model_memory_bytes', '{model="tiny:latest",model_name="tiny:latest"}')).toBe(size)
  expect(at(page, 'ollama_model_vram_bytes', detailed)).toBe(vram)
  expect(at(page, 'ollama_model_ram_bytes', name)).toBe(size - vram)
  expect(at(page, 'ollama_model_context_length', name)).toBe(model?.['context_length'])
  expect(at(page, 'ollama_model_pinned', name)).toBe(0)
  const expires = Date.parse(String(model?.['expires_at'])) / 1000
  expect(at(page, 'ollama_model_expires_timestamp_seconds', name)).toBeCloseTo(expires, 1)
  expect(page.get('ollama_model_blob_info')?.samples.size).toBe(1)
  expect(new Set(page.get('ollama_scrape_collector_success')?.samples.values())).toEqual(new Set([1]))
})

withOllama('pinned, reloaded with another context, unloaded', async () => {
  const exporter = ollamaExporter(ollama.url)
  const counts = async (): Promise<unknown[]> => {
    const page = await scrape(exporter)
    const of = (name: string): number | undefined => at(page, name, '{model="tiny:latest"}')
    return [of('ollama_model_load_total'), of('ollama_model_unload_total'), of('ollama_model_pinned')]
  }
  expect(await counts()).toEqual([0, 0, undefined])
  await run({ model: 'tiny', keep_alive: -1, options: { num_ctx: 64 } })
  expect(await counts()).toEqual([1, 0, 1])
  await run({ model: 'tiny', keep_alive: -1, options: { num_ctx: 256 } })
  expect(await counts()).toEqual([2, 1, 1])
  await run({ model: 'tiny', keep_alive: 0 })
  await until(async () => (await ps()).length === 0, 'it is unloaded')
  expect(await counts()).toEqual([2, 2, undefined])
})

withOllama("the file of weights is that on the runner's command line", async () => {
  await run({ model: 'tiny' })
  const page = await scrape(ollamaExporter(ollama.url))
  const [labels = ''] = page.get('ollama_model_blob_info')?.samples.keys() ?? []
  const blob = /blob="([0-9a-f]{64})"/.exec(labels)?.[1]
  const shown = await post(`${ollama.url}/api/show`, { model: 'tiny' })
  expect(shown.text).toContain(`sha256-${blob}`)
})

withOllama('killed, it is down at once and nothing of it is left but the counters', async () => {
  const victim = await startOllama(path ?? '')
  const exporter = ollamaExporter(victim.url)
  await scrape(exporter)
  await victim.kill()
  const page = await scrape(exporter)
  expect(at(page, 'ollama_up', '')).toBe(0)
  expect(page.has('ollama_models_total')).toBe(false)
  await victim.stop()
})
