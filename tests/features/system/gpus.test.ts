import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { loadRecording } from '../../../src/demo/nvidia-smi/recording.ts'
import { parseScene } from '../../../src/demo/nvidia-smi/scene.ts'
import { number } from '../../../src/exporters/gpu/nvidia/cell.ts'
import { createRunner } from '../../../src/exporters/runner.ts'
import type { Take } from '../../../src/features/feature.ts'
import { createReadings } from '../../../src/features/system/read.ts'
import { createSystemState } from '../../../src/features/system/state.ts'
import { gpusOf, gpuLevel } from '../../../src/features/system/gpus.ts'
import { gpuExporter, simulatedRun } from '../../exporters/gpu/simulated.ts'
import { quiet } from '../../support/logger.ts'
import { expectContract, features, nothing } from '../support.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => vi.useRealTimers())

const good = ['idle', 'load', 'load machine=h200', 'na', 'mig']
/** Answers that contradict nothing: what was known lives on until it is too old. */
const doubtful = ['hang', 'garbage', 'half']
const gone = ['missing', 'nodevices', 'exit9']

const clock = { now: () => Date.now(), monotonic: () => performance.now() }

const steps = fc.array(
  fc.record({
    scene: fc.constantFrom(...good, ...doubtful, ...gone),
    seconds: fc.integer({ min: 5, max: 90 }),
  }),
  { minLength: 1, maxLength: 8 },
)

function temperatureIn(scene: string): number | undefined {
  const { machine, mode } = parseScene(scene)
  const cell = loadRecording(machine).fields['temperature.gpu'] ?? ''
  return number(typeof cell === 'string' ? cell : (cell[mode === 'idle' ? 0 : 1] ?? ''))
}

test('property 10, GPU display: the panel shows exactly what the exporter knows, whatever nvidia-smi does', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      let scene = 'idle'
      let answered: string | undefined
      const run = simulatedRun(() => scene)
      const exporter = gpuExporter({
        run: (args, signal) => {
          if (args[0]?.startsWith('--query-gpu') && !doubtful.includes(scene)) answered = scene
          return run(args, signal)
        },
      })
      const runner = createRunner(exporter, quiet)
      const source: { take: Take } = runner
      const readings = createReadings({ host: nothing, gpu: source.take, clock })
      const stateOf = createSystemState(features.system, 30_000)
      for (const step of sequence) {
        scene = step.scene
        await vi.advanceTimersByTimeAsync(step.seconds * 1000)
        const { gpus } = stateOf(await readings())
        const direct = await runner.take(['nvidia'], 1000)
        // What is shown is what the exporter would publish at this moment.
        expect(gpus).toEqual(gpusOf(direct))
        if (gone.includes(answered ?? '')) expect(gpus).toEqual([])
        for (const gpu of gpus) {
          expect(gpu.celsius).toBe(temperatureIn(answered ?? ''))
          if (gpu.utilization !== undefined) expect(gpu.utilization).toBeLessThanOrEqual(1)
        }
      }
      await exporter.stop?.()
    }),
    { numRuns: 30 },
  )
}, 60_000)

test('every card, with its processes and their models; the contract holds', async () => {
  const run = simulatedRun(() => 'load machine=h200')
  const exporter = gpuExporter({ run })
  const runner = createRunner(exporter, quiet)
  const source: { take: Take } = runner
  const state = createSystemState(features.system, 30_000)
  const { gpus, levels, ...rest } = state(await createReadings({ host: nothing, gpu: source.take, clock })())
  expectContract('system', { gpus, levels, ...rest })
  expect(gpus.length).toBeGreaterThan(0)
  expect(gpus[0]).toMatchObject({ vendor: 'nvidia', name: expect.stringContaining('H200') })
  expect(gpus.flatMap(({ processes }) => processes).length).toBeGreaterThan(0)
  expect(levels['gpus']).toBe(gpuLevel(gpus, features.system))
  await exporter.stop?.()
})

test('no GPU is no card and no level', () => {
  expect(gpusOf(new Map())).toEqual([])
  expect(gpuLevel([], features.system)).toBeUndefined()
})
