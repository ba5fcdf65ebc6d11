import { describe, expect, test } from 'vitest'
import type { Fault } from '../../../src/demo/ollama/faults.ts'
import { createRunner, everything } from '../../../src/exporters/runner.ts'
import { createExposition } from '../../../src/lib/exposition.ts'
import { parseExposition, scrape, type Family } from '../../support/exposition.ts'
import { recordingLogger } from '../../support/logger.ts'
import { ollamaExporter, startSimulator } from '../../support/ollama.ts'

const deadline = 3000
const success = (page: Map<string, Family>, name: string): number | undefined =>
  page.get('ollama_scrape_collector_success')?.samples.get(`{collector="${name}"}`)
const loadedSeries = 'ollama_model_loaded'

const spoilt: [string, Fault, RegExp][] = [
  ['accepts and never answers', { kind: 'hang' }, /no answer within/],
  ['answers too late', { kind: 'slow', ms: 5000 }, /no answer within/],
  ['closes the connection', { kind: 'reset' }, /socket hang up|ECONNRESET/],
  ['answers half a body', { kind: 'half-body' }, /aborted|cut short/],
  ['answers half an object', { kind: 'bad-json' }, /not JSON/],
  ['answers with a web page', { kind: 'html' }, /not JSON \(text\/html\)/],
  ['answers 500', { kind: 'status', status: 500, message: 'boom' }, /status 500: {"error":"boom"}/],
  ['answers 503', { kind: 'busy' }, /status 503/],
  ['answers without end', { kind: 'huge' }, /longer than 1048576 bytes/],
]

describe.each(spoilt)('Ollama %s', (_, fault, cause) => {
  test('everywhere: up is 0, models are absent, counters stay, and one good answer mends it', async () => {
    const { control, url } = await startSimulator()
    const exporter = ollamaExporter(url, { relay_interval: '0s' })
    const log = recordingLogger()
    const runner = createRunner(exporter, log)
    const look = async (patience = deadline): Promise<Map<string, Family>> => {
      const out = createExposition()
      await runner.scrape(everything, patience, out)
      return parseExposition(out.text())
    }
    await look()
    control.load('llama3.2:3b')
    const before = await look()
    control.faults.add(fault)
    const during = await look(500)
    expect(during.get('ollama_up')?.samples.get('')).toBe(0)
    expect([...during.keys()].toSorted()).toEqual([
      'ollama_model_load_total',
      'ollama_model_unload_total',
      'ollama_scrape_collector_duration_seconds',
      'ollama_scrape_collector_success',
      'ollama_up',
    ])
    expect(during.get('ollama_model_load_total')).toEqual(before.get('ollama_model_load_total'))
    expect(log.lines.map(({ fields }) => String((fields as { err?: Error }).err?.message))).toEqual(
      Array.from({ length: 4 }, () => expect.stringMatching(cause)),
    )
    control.faults.clear()
    const after = await look()
    expect(after.get('ollama_up')?.samples.get('')).toBe(1)
    expect(after.get(loadedSeries)).toEqual(before.get(loadedSeries))
  })

  test('at /api/tags alone: what is in memory is still shown, without zeros', async () => {
    const { control, url } = await startSimulator()
    control.load('llama3.2:3b')
    control.faults.add({ ...fault, path: '/api/tags' })
    const page = await scrape(ollamaExporter(url), everything, 2500)
    expect(success(page, 'tags')).toBe(0)
    expect(success(page, 'ps')).toBe(1)
    expect(page.get(loadedSeries)?.samples.size).toBe(1)
    expect(page.get('ollama_up')?.samples.get('')).toBe(1)
  })

  test('at /api/ps alone: installed models are still shown, and no status is made up', async () => {
    const { control, url } = await startSimulator()
    control.faults.add({ ...fault, path: '/api/ps' })
    const page = await scrape(ollamaExporter(url), everything, 1500)
    expect([success(page, 'version'), success(page, 'tags'), success(page, 'ps')]).toEqual([1, 1, 0])
    expect(page.get('ollama_models_total')?.samples.get('')).toBe(7)
    expect(page.has(loadedSeries)).toBe(false)
    expect(page.has('ollama_loaded_models')).toBe(false)
  })
})

test('no stall: whatever hangs, the scrape ends with its deadline and leaves no request behind', async () => {
  const { control, url } = await startSimulator()
  control.faults.add({ kind: 'hang' })
  const exporter = ollamaExporter(url)
  const began = performance.now()
  await scrape(exporter, everything, 300)
  await scrape(exporter, everything, 300)
  expect(performance.now() - began).toBeLessThan(3000)
})

describe('nobody listens', () => {
  test('on a machine without Ollama: up is 0, and no line is worth a warning', async () => {
    const { control, url } = await startSimulator()
    await control.die()
    const log = recordingLogger()
    const out = createExposition()
    await createRunner(ollamaExporter(url), log).scrape(everything, deadline, out)
    expect(out.text()).toContain('ollama_up 0')
    expect(new Set(log.lines.map(({ level }) => level))).toEqual(new Set(['debug']))
  })

  test('after it was there: one warning, one line when it is back', async () => {
    const { control, url } = await startSimulator()
    const log = recordingLogger()
    const runner = createRunner(ollamaExporter(url), log)
    const look = (): Promise<void> => runner.scrape(everything, deadline, createExposition())
    await look()
    await control.die()
    for (let i = 0; i < 3; i++) await look()
    await control.revive()
    await look()
    const lines = log.lines.filter(({ level }) => level !== 'debug').map(({ level, fields }) => ({ level, fields }))
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
    expect(lines[0]?.fields).toMatchObject({ collector: 'version' })
  })
})
