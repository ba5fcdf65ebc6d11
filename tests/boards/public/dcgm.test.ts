import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Exporter } from '../../../src/exporters/exporter.ts'
import { gpuExporter, simulatedRun } from '../../exporters/gpu/simulated.ts'
import { parseExposition, scrapeText, type Family } from '../../support/exposition.ts'
import { dcgm, notInSmi } from './dcgm.ts'

// A recorded card under load, through the simulated nvidia-smi.
const run = simulatedRun(() => 'load machine=h200')
let exporter: Exporter
let page: Map<string, Family>

beforeAll(async () => {
  exporter = gpuExporter({ run })
  page = parseExposition(await scrapeText(exporter))
})
afterAll(() => exporter.stop?.())

test.each(dcgm.filter((name) => !(name in notInSmi)))('board 12239 finds %s, by instance and card', (name) => {
  expect(page.get(name)?.samples.size).toBeGreaterThan(0)
  expect(page.get(name)?.labels).toContain('gpu')
})

test.each(Object.entries(notInSmi))('%s is absent, since nvidia-smi has no such field', async (name, field) => {
  expect(page.has(name)).toBe(false)
  const { stdout } = await run(['--help-query-gpu'], AbortSignal.timeout(1000))
  expect(stdout).toMatch(/utilization\.gpu/)
  expect(stdout).not.toMatch(field)
})
