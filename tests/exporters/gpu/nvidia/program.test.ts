import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRun } from '../../../../src/exporters/gpu/nvidia/run.ts'
import { locate, parseCommand } from '../../../../src/exporters/gpu/nvidia/program.ts'
import { createRunner, everything } from '../../../../src/exporters/runner.ts'
import type { Exporter } from '../../../../src/exporters/exporter.ts'
import { createExposition } from '../../../../src/lib/exposition.ts'
import { parseExposition, type Family } from '../../../support/exposition.ts'
import { recordingLogger } from '../../../support/logger.ts'
import { gpuExporter } from '../simulated.ts'

const simulator = resolve(import.meta.dirname, '../../../../src/demo/nvidia-smi.ts')
const program = `"${process.execPath}" "${simulator}"`
const log = recordingLogger()
let dir = ''
let exporter: Exporter | undefined

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'aura-gpu-'))
  log.lines.length = 0
  vi.stubEnv('NVIDIA_SMI_SIM_CONTROL', `${dir}/scene`)
  vi.stubEnv('NVIDIA_SMI_SIM_LOG', `${dir}/log`)
})
afterEach(async () => {
  await exporter?.stop?.()
  exporter = undefined
  vi.unstubAllEnvs()
  rmSync(dir, { recursive: true })
})

const play = (scene: string): void => writeFileSync(`${dir}/scene`, scene)
const calls = (kind: string): number =>
  readFileSync(`${dir}/log`, 'utf8')
    .split('\n')
    .filter((line) => line.includes(kind)).length

function start(nvidia_smi = program, poll_interval = '100ms'): () => Promise<Map<string, Family>> {
  exporter = gpuExporter({ nvidia_smi, poll_interval, poll_timeout: '1500ms', max_age: '100ms', searchPath: dir })
  const runner = createRunner(exporter, log)
  return async () => {
    const out = createExposition()
    await runner.scrape(everything, 3000, out)
    return parseExposition(out.text())
  }
}

function state(page: ReadonlyMap<string, Family>): string {
  const samples = [...(page.get('gpu_state')?.samples ?? [])]
  const told = samples.filter(([labels, on]) => on === 1 && labels.includes('nvidia')).map(([labels]) => labels)
  return /state="(\w+)"/.exec(told.join(' '))?.[1] ?? 'unknown'
}

/** Scrapes until the state is as expected; a poll takes as long as a busy machine needs to start a process. */
async function until(scrape: () => Promise<Map<string, Family>>, expected: string): Promise<Map<string, Family>> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const page = await scrape()
    if (state(page) === expected) return page
    await sleep(100)
  }
  throw new Error(`never became ${expected}`)
}

describe('the real program', () => {
  it('shows values at the first scrape, and asks no more often than the interval however often it is scraped', async () => {
    play('load machine=h200')
    const scrape = start(program, '30s')
    const pages = await Promise.all([scrape(), scrape(), scrape()])
    for (let i = 0; i < 20; i++) pages.push(await scrape())
    for (const page of pages) expect([...(page.get('gpu_power_watts')?.samples.values() ?? [])]).toEqual([627.4])
    expect(calls('--query-gpu')).toBe(1)
  }, 30_000)

  it.each([
    ['exit9', 'driver_error', 'driver_unreachable'],
    ['garbage', 'garbage', 'unreadable_output'],
    ['half', 'garbage', 'unreadable_output'],
    ['nodevices', 'absent', 'no_devices'],
    ['hang', 'hung', 'timeout'],
  ])(
    '%s is told as %s, within the scrape deadline, in one log line, and passes by itself',
    async (fault, expected, reason) => {
      play('idle')
      const scrape = start()
      await until(scrape, 'ok')
      play(fault)
      const page = await until(scrape, expected)
      expect([...(page.get('gpu_fault_info')?.samples.keys() ?? [])]).toEqual([`{reason="${reason}",vendor="nvidia"}`])
      // The last good values may be shown until they are too old; no scrape may take longer than its deadline.
      await vi.waitFor(
        async () => {
          const began = Date.now()
          const values = (await scrape()).has('gpu_info')
          expect(Date.now() - began).toBeLessThan(3000)
          expect(values).toBe(false)
        },
        { timeout: 10_000, interval: 100 },
      )
      expect(log.lines.filter(({ level }) => level === 'warn').length).toBeLessThanOrEqual(1)
      if (expected === 'absent') return // Looked for again only once a minute: see the property test.
      play('load')
      const healed = await until(scrape, 'ok')
      expect(healed.get('gpu_temperature_celsius')?.samples.size).toBe(1)
    },
    30_000,
  )
})

describe('a process', () => {
  it('is killed at its deadline with its whole group', async () => {
    writeFileSync(`${dir}/wrapper`, `#!/bin/sh\nsleep 600 &\necho $! > ${dir}/pid\nwait\n`)
    chmodSync(`${dir}/wrapper`, 0o755)
    const run = createRun(`${dir}/wrapper`, '')
    await expect(run([], AbortSignal.timeout(1000))).rejects.toThrow(/in time/)
    const pid = Number(readFileSync(`${dir}/pid`, 'utf8'))
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 3000)
  }, 30_000)

  it('is never joined by a second one while it lives', async () => {
    writeFileSync(`${dir}/slow`, `#!/bin/sh\ntouch ${dir}/started\nsleep 2\n`)
    chmodSync(`${dir}/slow`, 0o755)
    const run = createRun(`${dir}/slow`, '')
    const first = run([], new AbortController().signal)
    await vi.waitFor(() => expect(existsSync(`${dir}/started`)).toBe(true), 5000)
    await expect(run([], new AbortController().signal)).rejects.toThrow(/cannot be killed/)
    expect((await first).exitCode).toBe(0)
  }, 30_000)

  it('that leaves a daemon behind on its pipes does not block the next one', async () => {
    writeFileSync(`${dir}/daemon`, `#!/bin/sh\nsetsid sleep 5 &\n`)
    chmodSync(`${dir}/daemon`, 0o755)
    const run = createRun(`${dir}/daemon`, '')
    await expect(run([], AbortSignal.timeout(1000))).rejects.toThrow(/in time/)
    await expect(run([], AbortSignal.timeout(1000))).rejects.toThrow(/in time/)
  }, 30_000)

  it('that prints without end is killed', async () => {
    await expect(createRun('/usr/bin/yes', '')([], AbortSignal.timeout(20_000))).rejects.toThrow(/without end/)
  }, 30_000)
})

describe('a program', () => {
  it('that may not be executed is not the same as none', async () => {
    writeFileSync(`${dir}/nvidia-smi`, 'not a program')
    const scrape = start('nvidia-smi')
    expect(state(await scrape())).toBe('permission')
    chmodSync(`${dir}/nvidia-smi`, 0o755)
    expect(state(await until(scrape, 'driver_error'))).toBe('driver_error')
  }, 30_000)

  it('that is missing is one series and no log line, and is found when it appears', async () => {
    exporter = gpuExporter({ searchPath: dir, recheck_interval: '1ms' })
    const runner = createRunner(exporter, log)
    const scrape = async (): Promise<Map<string, Family>> => {
      const out = createExposition()
      await runner.scrape(everything, 3000, out)
      return parseExposition(out.text())
    }
    const page = await scrape()
    expect([...page.keys()].filter((name) => !name.startsWith('gpu_scrape_'))).toEqual(['gpu_state'])
    expect([...(page.get('gpu_state')?.samples.keys() ?? [])]).toContain('{state="absent",vendor="nvidia"}')
    expect(log.lines.filter(({ level }) => level !== 'debug')).toEqual([])
    play('idle')
    writeFileSync(`${dir}/nvidia-smi`, `#!/bin/sh\nexec ${program} "$@"\n`)
    chmodSync(`${dir}/nvidia-smi`, 0o755)
    expect(state(await until(scrape, 'ok'))).toBe('ok')
  }, 30_000)
})

function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

it('splits a command line at blanks, but not within quotes', () => {
  expect(parseCommand('ssh box nvidia-smi')).toEqual(['ssh', 'box', 'nvidia-smi'])
  expect(parseCommand('"/opt/my tools/nvidia-smi"  -i 0')).toEqual(['/opt/my tools/nvidia-smi', '-i', '0'])
})

it('takes a path as it is', async () => {
  expect(await locate('/bin/sh', '')).toBe('/bin/sh')
  await expect(locate('/nowhere/nvidia-smi', '/bin')).rejects.toMatchObject({ fault: { state: 'absent' } })
})
