import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { activityAt, between } from '../../src/demo/nvidia-smi/activity.ts'
import { loadRecording, machines } from '../../src/demo/nvidia-smi/recording.ts'
import { modes, parseScene } from '../../src/demo/nvidia-smi/scene.ts'
import { simulate, type Behaviour } from '../../src/demo/nvidia-smi/simulate.ts'

const program = resolve(import.meta.dirname, '../../src/demo/nvidia-smi.ts')
const noon = new Date('2026-11-21T12:00:00Z')

function ask(scene: string, args: string, time = noon): Behaviour {
  const parsed = parseScene(scene)
  return simulate(args.split(' '), parsed, loadRecording(parsed.machine), time)
}

describe('the simulated nvidia-smi', () => {
  it('answers with header and units, and without if asked', () => {
    const query = '--query-gpu=index,name,power.draw,clocks.sm'
    expect(ask('load machine=h200', `${query} --format=csv`).stdout).toBe(
      'index, name, power.draw [W], clocks.current.sm [MHz]\n0, NVIDIA H200, 627.40 W, 1980 MHz\n',
    )
    expect(ask('load machine=h200', `${query} --format=csv,noheader,nounits`).stdout).toBe(
      '0, NVIDIA H200, 627.40, 1980\n',
    )
  })

  it('refuses unknown fields as the real one does', () => {
    const { stdout, exitCode } = ask('idle', '--query-gpu=index,speed --format=csv')
    expect([stdout, exitCode]).toEqual(['Field "speed" is not a valid field to query.\n\n', 2])
    expect(ask('idle', '--query-compute-apps=pid,speed --format=csv').exitCode).toBe(2)
    expect(ask('idle', '--query-gpu=index').exitCode).toBe(1)
  })

  it('lists every field it answers, with the second names', () => {
    const { stdout } = ask('idle', '--help-query-gpu')
    expect(stdout).toContain('"uuid" or "gpu_uuid"\n')
    const names = [...stdout.matchAll(/^"([^"]+)"/gm)].map(([, name]) => name)
    expect(ask('idle', `--query-gpu=${names.join(',')} --format=csv`).exitCode).toBe(0)
  })

  it('lists MIG devices in -L and in the XML', () => {
    expect(ask('mig', '-L').stdout).toMatch(/^ {2}MIG 1g\.18gb +Device {2}3: \(UUID: MIG-/m)
    expect(ask('mig', '-q -x').stdout.match(/<mig_device>/g)).toHaveLength(5)
    expect(ask('idle', '-q -x').stdout).toContain('None')
  })
})

describe('its scenes', () => {
  it.each(modes)('knows the mode %s', (mode) => expect(parseScene(mode).mode).toBe(mode))

  it('refuses a scene it does not know', () => {
    expect(() => parseScene('busy')).toThrow(/not one of/)
    expect(() => parseScene('vary machine=abacus')).toThrow(/neither/)
    expect(() => parseScene('vary activity=2')).toThrow(/neither/)
  })

  it.each(machines)('varies %s smoothly and within its recorded bounds', (machine) => {
    const temperatures: number[] = []
    for (let second = 0; second < 600; second += 5) {
      const time = new Date(noon.getTime() + second * 1000)
      const { stdout } = ask(`vary machine=${machine}`, '--query-gpu=temperature.gpu --format=csv,noheader', time)
      temperatures.push(Number(stdout))
    }
    const cell = loadRecording(machine).fields['temperature.gpu'] ?? ''
    const [low, high] = typeof cell === 'string' ? [0, 0] : cell.map(Number)
    const steps = temperatures.slice(1).map((value, i) => Math.abs(value - (temperatures[i] ?? 0)))
    expect(Math.min(...temperatures)).toBeGreaterThanOrEqual(low ?? 0)
    expect(Math.max(...temperatures)).toBeLessThanOrEqual(high ?? 0)
    expect(new Set(temperatures).size).toBeGreaterThan(1)
    expect(Math.max(...steps)).toBeLessThanOrEqual(2)
  })

  it('keeps activity between idle and load', () => {
    for (let second = 0; second < 2000; second++) {
      expect(activityAt(second)).toBeGreaterThanOrEqual(0)
      expect(activityAt(second)).toBeLessThanOrEqual(1)
    }
    expect(between(['26.20 W', '84.24 W'], 0.5)).toBe('55.22 W')
    expect([between(['P8', 'P2'], 0), between(['P8', 'P2'], 0.5)]).toEqual(['P8', 'P2'])
  })
})

describe('as a program', () => {
  it('runs, obeys the control file, and exits as the real one does', () => {
    const dir = mkdtempSync(join(tmpdir(), 'aura-smi-'))
    const env = { ...process.env, NVIDIA_SMI_SIM_CONTROL: `${dir}/scene` }
    const list = (): string => execFileSync(process.execPath, [program, '-L'], { env, encoding: 'utf8' })
    expect(list()).toMatch(/^GPU 0: NVIDIA GeForce RTX 4080 SUPER/)
    writeFileSync(`${dir}/scene`, 'idle machine=h200\n')
    expect(list()).toMatch(/^GPU 0: NVIDIA H200/)
    writeFileSync(`${dir}/scene`, 'exit9')
    const gone = spawnSync(process.execPath, [program, '-L'], { env, encoding: 'utf8' })
    rmSync(dir, { recursive: true })
    expect([gone.status, gone.stdout]).toEqual([
      9,
      expect.stringContaining("couldn't communicate with the NVIDIA driver"),
    ])
  }, 30_000)
})
