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

it.each(Object.entries(scenes))('%s gives the golden exposition', async (name, scene) => {
  const exporter = gpuExporter({ run: simulatedRun(() => scene) })
  const page = await scrapeText(exporter)
  await exporter.stop?.()
  parseExposition(page)
  await expect(stable(page)).toMatchFileSnapshot(`golden/${name}.prom`)
})
