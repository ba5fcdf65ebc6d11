import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { loadRecording } from '../../../src/demo/nvidia-smi/recording.ts'
import { parseScene } from '../../../src/demo/nvidia-smi/scene.ts'
import { number } from '../../../src/exporters/gpu/nvidia/cell.ts'
import { createRunner, everything } from '../../../src/exporters/runner.ts'
import { createExposition } from '../../../src/lib/exposition.ts'
import { parseExposition, type Family } from '../../support/exposition.ts'
import { quiet } from '../../support/logger.ts'
import { gpuExporter, simulatedRun } from './simulated.ts'

const answers: Readonly<Record<string, string>> = {
  idle: 'ok',
  load: 'ok',
  'load machine=h200': 'ok',
  mig: 'ok',
  na: 'ok',
  slow: 'ok',
  missing: 'absent',
  nodevices: 'absent',
  exit9: 'driver_error',
  hang: 'hung',
  garbage: 'garbage',
  half: 'garbage',
}
const maxAge = 15_000

beforeEach(() => vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] }))
afterEach(() => vi.useRealTimers())

interface Poll {
  readonly scene: string
  readonly at: number
}

/** The state that a page tells for NVIDIA; exactly one holds. */
function toldState(page: ReadonlyMap<string, Family>): string {
  const told = [...(page.get('gpu_state')?.samples ?? [])].filter(
    ([labels, on]) => on === 1 && /vendor="nvidia"/.test(labels),
  )
  expect(told).toHaveLength(1)
  return /state="(\w+)"/.exec(told[0]?.[0] ?? '')?.[1] ?? ''
}

const cardFamilies = /^(gpu_(?!state|up|fault|reading|poll|scrape)|DCGM_|nvidia_smi_(?!last_|failed_|command_))/

/** What a page must show, given every poll so far. */
function check(page: ReadonlyMap<string, Family>, polls: readonly Poll[], now: number): void {
  const last = polls.at(-1)
  const state = toldState(page)
  expect(state).toBe(answers[last?.scene ?? ''])
  const shown = [...page.keys()].filter((name) => cardFamilies.test(name))
  const good = polls.findLast(({ scene }) => answers[scene] === 'ok')
  const since = good === undefined ? [] : polls.slice(polls.indexOf(good) + 1)
  const doubted = since.every(({ scene }) => ['hung', 'garbage'].includes(answers[scene] ?? ''))
  if (good === undefined || now - good.at > maxAge || !doubted) {
    expect(shown).toEqual([])
    return
  }
  const { machine, mode } = parseScene(good.scene)
  const cell = loadRecording(machine).fields['temperature.gpu'] ?? ''
  const temperature = number(typeof cell === 'string' ? cell : cell[mode === 'idle' ? 0 : 1])
  expect([...(page.get('gpu_temperature_celsius')?.samples.values() ?? [])]).toEqual([temperature])
  expect([...(page.get('DCGM_FI_DEV_GPU_TEMP')?.samples.values() ?? [])]).toEqual([temperature])
  expect([...(page.get('gpu_reading_age_seconds')?.samples.values() ?? [])]).toEqual([(now - good.at) / 1000])
}

const steps = fc.array(
  fc.record({ scene: fc.constantFrom(...Object.keys(answers)), seconds: fc.integer({ min: 0, max: 200 }) }),
  { minLength: 1, maxLength: 12 },
)

it('property 10, GPU display: whatever nvidia-smi does, the series show exactly what is known', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      let scene = 'idle'
      const polls: Poll[] = []
      const run = simulatedRun(() => scene)
      const exporter = gpuExporter({
        run: (args, signal) => {
          if (args[0]?.startsWith('--query-gpu')) {
            if (polls.at(-1)?.at !== Date.now() || polls.at(-1)?.scene !== scene) polls.push({ scene, at: Date.now() })
          }
          return run(args, signal)
        },
      })
      const runner = createRunner(exporter, quiet)
      for (const step of sequence) {
        scene = step.scene
        await vi.advanceTimersByTimeAsync(step.seconds * 1000)
        const out = createExposition()
        await runner.scrape(everything, 3000, out)
        check(parseExposition(out.text()), polls, Date.now())
      }
      // Once all is well, one interval and a scrape are enough for a GPU that failed, one look for one that was gone.
      scene = 'load'
      await vi.advanceTimersByTimeAsync(60_000)
      const out = createExposition()
      await runner.scrape(everything, 3000, out)
      expect(toldState(parseExposition(out.text()))).toBe('ok')
      // Never two polls within an interval.
      const gaps = polls.slice(1).map(({ at }, i) => at - (polls[i]?.at ?? 0))
      expect(Math.min(5000, ...gaps)).toBe(5000)
      await exporter.stop?.()
      expect(vi.getTimerCount()).toBe(0)
    }),
    { numRuns: 50 },
  )
}, 60_000)
