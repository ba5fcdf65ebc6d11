import { expect, test } from 'vitest'
import { scrape, scrapeText } from '../../support/exposition.ts'
import { ollamaExporter, startSimulator } from '../../support/ollama.ts'

const memory = { vram: 24 * 2 ** 30 }

test('one page says all that Ollama says', async () => {
  const { control, url } = await startSimulator(memory)
  const exporter = ollamaExporter(url)
  control.load('llama3.2:3b', { keepAlive: 60_000 })
  control.load('qwen3:14b', { keepAlive: Infinity, numCtx: 8192 })
  const page = await scrape(exporter)
  const at = (name: string, labels = ''): number | undefined => page.get(name)?.samples.get(labels)

  expect(at('ollama_up')).toBe(1)
  expect(at('ollama_version_info', '{version="0.24.0"}')).toBe(1)
  expect(at('ollama_models_total')).toBe(7)
  expect(at('ollama_loaded_models')).toBe(2)
  expect(at('ollama_model_size_bytes', '{model="llama3.2:3b",model_name="llama3.2:3b"}')).toBe(2_019_377_376)
  expect(at('ollama_model_pinned', '{model="llama3.2:3b"}')).toBe(0)
  expect(at('ollama_model_pinned', '{model="qwen3:14b"}')).toBe(1)
  expect(at('ollama_model_context_length', '{model="qwen3:14b"}')).toBe(8192)
  expect(at('ollama_model_spill_ratio', '{model="qwen3:14b"}')).toBe(0)
  const expires = at('ollama_model_expires_timestamp_seconds', '{model="llama3.2:3b"}') ?? 0
  expect(Math.abs(expires - Date.now() / 1000)).toBeLessThan(3)
  expect(at('ollama_model_expires_timestamp_seconds', '{model="qwen3:14b"}')).toBeUndefined()
  const loaded = page.get('ollama_model_loaded')?.samples
  expect(loaded?.get('{family="llama",model="llama3.2:3b",quant="Q4_K_M"}')).toBe(1)
  expect(loaded?.get('{family="llama",model="mistral:7b",quant="Q5_K_M"}')).toBe(0)
  expect(loaded?.size).toBe(7)
})

test('names, types and label keys that others use', async () => {
  const { control, url } = await startSimulator(memory)
  control.load('llama3.2:3b')
  const page = await scrape(ollamaExporter(url))
  const shown = [...page].map(([name, { type, labels }]) => `${name} ${type} ${labels.join()}`)
  expect(shown.toSorted()).toMatchInlineSnapshot(`
    [
      "ollama_loaded_models gauge ",
      "ollama_model_blob_info gauge blob,digest,model",
      "ollama_model_context_length gauge model",
      "ollama_model_expires_timestamp_seconds gauge model",
      "ollama_model_info gauge digest,family,format,model,model_name,parameter_size,parent_model,quantization_level",
      "ollama_model_load_total counter model",
      "ollama_model_loaded gauge family,model,quant",
      "ollama_model_memory_bytes gauge model,model_name",
      "ollama_model_modified_timestamp_seconds gauge model,model_name",
      "ollama_model_pinned gauge model",
      "ollama_model_ram_bytes gauge model",
      "ollama_model_size_bytes gauge model,model_name",
      "ollama_model_spill_ratio gauge model",
      "ollama_model_unload_total counter model",
      "ollama_model_vram_bytes gauge family,model,quant",
      "ollama_models_total untyped ",
      "ollama_running_models gauge model,model_name",
      "ollama_scrape_collector_duration_seconds gauge collector",
      "ollama_scrape_collector_success gauge collector",
      "ollama_up gauge ",
      "ollama_version_info gauge version",
    ]
  `)
})

test('a model too large for the GPU shows what spills', async () => {
  const { control, url } = await startSimulator(memory)
  control.load('llama3.3:70b')
  const page = await scrape(ollamaExporter(url))
  const label = '{model="llama3.3:70b"}'
  const ram = page.get('ollama_model_ram_bytes')?.samples.get(label) ?? 0
  const vram = [...(page.get('ollama_model_vram_bytes')?.samples.values() ?? [])][0] ?? 0
  const whole = [...(page.get('ollama_model_memory_bytes')?.samples.values() ?? [])][0] ?? 0
  expect(vram).toBeGreaterThan(20 * 2 ** 30)
  expect(vram).toBeLessThanOrEqual(memory.vram)
  expect(ram + vram).toBe(whole)
  expect(page.get('ollama_model_spill_ratio')?.samples.get(label)).toBeCloseTo(ram / whole)
})

test('loads, unloads and reloads are counted between scrapes', async () => {
  const { control, url } = await startSimulator()
  const exporter = ollamaExporter(url)
  const counts = async (): Promise<(number | undefined)[]> => {
    const page = await scrape(exporter)
    const of = (name: string): number | undefined => page.get(name)?.samples.get('{model="llama3.2:3b"}')
    return [of('ollama_model_load_total'), of('ollama_model_unload_total')]
  }
  expect(await counts()).toEqual([0, 0])
  control.load('llama3.2:3b', { keepAlive: Infinity })
  expect(await counts()).toEqual([1, 0])
  control.load('llama3.2:3b', { keepAlive: Infinity, numCtx: 16_384 })
  expect(await counts()).toEqual([2, 1])
  await control.die()
  expect(await counts()).toEqual([2, 1])
  await control.revive()
  expect(await counts()).toEqual([2, 2])
})

test('a runner is known by its file of weights', async () => {
  const { control, url } = await startSimulator()
  const exporter = ollamaExporter(url)
  control.load('mistral:7b')
  await scrape(exporter)
  const [runner] = control.loaded()
  const command = `/usr/bin/ollama runner --model /root/.ollama/models/blobs/sha256-${runner?.model.blob} --port 4321`
  expect(exporter.digests.modelOf(command)).toBe('mistral:7b')
  await scrape(exporter)
  expect(control.requests.get('POST /api/show')).toBe(1)
})

test('a model deleted while in memory is still shown, and nothing fails', async () => {
  const { control, url } = await startSimulator()
  control.load('llama3.2:3b')
  control.uninstall('llama3.2:3b')
  const page = await scrape(ollamaExporter(url))
  expect(page.get('ollama_model_loaded')?.samples.get('{family="llama",model="llama3.2:3b",quant="Q4_K_M"}')).toBe(1)
  expect(new Set(page.get('ollama_scrape_collector_success')?.samples.values())).toEqual(new Set([1]))
})

test('new weights under an old name: both in memory count as one model', async () => {
  const { control, url } = await startSimulator()
  control.load('llama3.2:3b')
  const [old] = control.loaded()
  if (old === undefined) throw new Error('not loaded')
  control.install({ ...old.model, digest: 'f'.repeat(64), blob: 'e'.repeat(64) })
  control.load('llama3.2:3b')
  const page = await scrape(ollamaExporter(url))
  expect(page.get('ollama_loaded_models')?.samples.get('')).toBe(2)
  expect([...(page.get('ollama_model_memory_bytes')?.samples.values() ?? [])]).toEqual([Math.round(old.size) * 2])
})

test('one scrape asks for each thing once', async () => {
  const { control, url } = await startSimulator()
  await scrape(ollamaExporter(url))
  expect(Object.fromEntries(control.requests)).toEqual({
    'GET /api/version': 1,
    'GET /api/tags': 1,
    'GET /api/ps': 1,
    'GET /metrics': 1,
  })
})

test('a collector alone needs no other', async () => {
  const { control, url } = await startSimulator()
  control.load('llama3.2:3b')
  const page = await scrapeText(ollamaExporter(url), { collect: ['ps'], exclude: [] })
  expect(page).toContain('ollama_model_loaded{model="mistral:7b",family="llama",quant="Q5_K_M"} 0')
  expect(page).not.toContain('ollama_up')
})

test('the address may end in a slash', async () => {
  const { url } = await startSimulator()
  expect(await scrapeText(ollamaExporter(`${url}/`))).toContain('ollama_up 1')
})
