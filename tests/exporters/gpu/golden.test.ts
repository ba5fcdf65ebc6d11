import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { parseExposition, scrapeText } from '../../support/exposition.ts'
import { gpuExporter, simulatedRun, stable } from './simulated.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-07-03T22:11:09Z') }))
afterEach(() => vi.useRealTimers())

const scenes = {
  'rtx-4080-super-idle': 'idle',
  'rtx-4080-super-load': 'load',
  'h200-idle': 'idle machine=h200',
  'h200-load': 'load machine=h200',
  'h200-mig': 'mig',
  'gt-1030-na': 'na',
  exit9: 'exit9',
  garbage: 'garbage',
  half: 'half',
  hang: 'hang',
  'no-devices': 'nodevices',
  'no-gpu': 'missing',
}

it('publishes the neutral names alone if told so', async () => {
  const exporter = gpuExporter({ run: simulatedRun(() => 'mig'), dcgm_names: false, nvidia_smi_names: false })
  const families = [...parseExposition(await scrapeText(exporter)).keys()]
  await exporter.stop?.()
  expect(families).toContain('gpu_mig_memory_used_bytes')
  expect(families.filter((name) => !name.startsWith('gpu_'))).toEqual([])
})

it('publishes further fields if told so', async () => {
  const exporter = gpuExporter({
    run: simulatedRun(() => 'load'),
    extra_fields: ['encoder.stats.averageFps', 'no.such'],
  })
  const page = parseExposition(await scrapeText(exporter))
  await exporter.stop?.()
  expect([...(page.get('nvidia_smi_encoder_stats_average_fps')?.samples.values() ?? [])]).toEqual([184])
})

it.each(Object.entries(scenes))('%s gives the golden exposition', async (name, scene) => {
  const exporter = gpuExporter({ run: simulatedRun(() => scene) })
  const page = await scrapeText(exporter)
  await exporter.stop?.()
  parseExposition(page)
  await expect(stable(page)).toMatchFileSnapshot(`golden/${name}.prom`)
})
