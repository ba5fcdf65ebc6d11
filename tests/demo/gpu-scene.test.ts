import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { conditions } from '../../src/demo/nvidia-smi/conditions.ts'
import { loadRecording } from '../../src/demo/nvidia-smi/recording.ts'
import { parseScene } from '../../src/demo/nvidia-smi/scene.ts'
import { simulate } from '../../src/demo/nvidia-smi/simulate.ts'
import { createGpuScene } from '../../src/demo/stage/gpu.ts'

let directory = ''
let file = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'aura-scene-'))
  file = join(directory, 'scene')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const began = 1_795_000_000
const scene = (): string => readFileSync(file, 'utf8')

/** What the card answers so many seconds after the scene was made. */
function answer(text: string, fields: string, after = 0): string {
  const parsed = parseScene(text)
  const args = [`--query-gpu=${fields}`, '--format=csv,noheader']
  return simulate(args, parsed, loadRecording(parsed.machine), new Date((began + after) * 1000)).stdout.trim()
}

describe('the scene of the simulated card', () => {
  it('shows conditions side by side, and takes each off again', () => {
    const gpu = createGpuScene(file, () => began * 1000)
    const before = scene()
    const [cool, mend] = [gpu.show({ condition: 'hot' }), gpu.show({ condition: 'ecc' })]
    expect(answer(scene(), 'temperature.gpu,ecc.errors.uncorrected.volatile.total', 30)).toBe('93, 3')
    cool()
    expect(answer(scene(), 'ecc.errors.uncorrected.volatile.total', 60)).toBe('5')
    expect(Number(answer(scene(), 'temperature.gpu'))).toBeLessThan(60)
    mend()
    mend()
    expect(scene()).toBe(before)
  })

  it('shows a mode as long as it is wanted', () => {
    const gpu = createGpuScene(file)
    const end = gpu.show({ mode: 'hang' })
    expect(parseScene(scene()).mode).toBe('hang')
    end()
    expect(parseScene(scene()).mode).toBe('vary')
  })

  it('holds what models hold, and no more than there is', () => {
    const gpu = createGpuScene(file)
    gpu.hold(9 * 2 ** 30)
    expect(answer(scene(), 'memory.used,memory.free')).toBe('9216 MiB, 133941 MiB')
    gpu.hold(900 * 2 ** 30)
    expect(answer(scene(), 'memory.used,memory.free')).toBe('143157 MiB, 0 MiB')
  })

  it('leaves alone what somebody wrote by hand, until a fault begins', () => {
    const gpu = createGpuScene(file)
    writeFileSync(file, 'hang\n')
    gpu.hold(2 ** 30)
    expect(scene()).toBe('hang\n')
    gpu.show({ condition: 'full' })
    expect(answer(scene(), 'memory.used')).toBe('141900 MiB')
  })

  it.each(Object.keys(conditions))('has a condition %s that changes answers of the card it shows', (name) => {
    const known = loadRecording('h200').fields
    const changed = conditions[name as keyof typeof conditions](10)
    expect(Object.keys(changed).filter((field) => !(field in known))).toEqual([])
    const fields = Object.keys(changed).join(',')
    expect(answer(`vary machine=h200 with=${name}@${began}`, fields)).not.toBe(answer('vary machine=h200', fields))
  })
})
