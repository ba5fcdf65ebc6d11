import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { obey } from '../../src/demo/control/lines.ts'
import { listenForLines, sendLine } from '../../src/demo/control/socket.ts'
import { createFaultRunner, type FaultRunner } from '../../src/demo/faults/runner.ts'
import { createOllamaSimulator, type OllamaSimulator } from '../../src/demo/ollama/server.ts'
import { createGpuScene } from '../../src/demo/stage/gpu.ts'
import { openSite } from '../../src/demo/stage/site.ts'

// Faults of the simulators on a stage without PostgreSQL and with nobody to visit.

let directory = ''
let simulator: OllamaSimulator
let url = ''
let said: string[] = []
let runner: FaultRunner

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'aura-faults-'))
  simulator = createOllamaSimulator({ timeScale: 1000 })
  url = await simulator.listen()
  const site = openSite('http://127.0.0.1:9', false, () => Promise.reject(new Error('nobody is invited')))
  const gpu = createGpuScene(join(directory, 'scene'))
  const ollama = { url, control: simulator.control }
  said = []
  runner = createFaultRunner({ ollama, gpu, site, directory, database: undefined, checkpoints: undefined }, (line) =>
    said.push(line),
  )
})
afterEach(async () => {
  await runner.close()
  await simulator.close()
  rmSync(directory, { recursive: true, force: true })
})

const scene = (): string => readFileSync(join(directory, 'scene'), 'utf8')
const chat = (stream = false): Promise<Response> =>
  fetch(`${url}/api/generate`, {
    method: 'POST',
    body: JSON.stringify({ model: 'llama3.2:3b', prompt: 'Why?', stream, options: { num_predict: 4 } }),
  })

/** Tokens a second, as Ollama tells it. */
async function speed(): Promise<number> {
  const answer = (await (await chat()).json()) as { eval_count: number; eval_duration: number }
  return answer.eval_count / (answer.eval_duration / 1e9)
}

async function until(what: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !what();) {
    if (Date.now() > end) throw new Error('it does not come about')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe('faults', () => {
  it('begin, end by themselves, and say so', async () => {
    expect(await runner.start('gpu-hot', 50)).toMatch(/^gpu-hot has begun, for 0.05 seconds: the card is at 93/)
    expect(scene()).toContain('with=hot')
    expect([...runner.present.keys()]).toEqual(['gpu-hot'])
    await until(() => said.length > 0)
    expect([said, scene().includes('with=hot'), runner.present.size]).toEqual([['gpu-hot has ended'], false, 0])
  })

  it('last longer when they are asked for again, and never too long', async () => {
    await runner.start('gpu-hot', 1000)
    expect(await runner.start('gpu-hot', 999_999_999)).toBe('gpu-hot lasts another 60 minutes')
    expect(scene().match(/with=hot/g)).toHaveLength(1)
    expect(await runner.end('gpu-hot')).toBe('gpu-hot has ended')
    expect(await runner.end('gpu-hot')).toBe('gpu-hot is not there')
  })

  it('say why they cannot be had', async () => {
    expect(await runner.start('pg-blocked')).toMatch(/^pg-blocked cannot be had here: PostgreSQL is not the embedded/)
    expect(await runner.start('sign-ins-refused')).toMatch(/cannot be had here: there are no accounts/)
    expect(await runner.start('checkpoints-stuck')).toMatch(/cannot be had here: audit.webhook_url is set/)
    expect(runner.present.size).toBe(0)
  })

  it('all end with the demonstration, and none begins after it', async () => {
    await runner.start('gpu-hangs')
    await runner.start('ollama-down')
    await runner.close()
    expect(scene()).toMatch(/^vary /)
    expect((await fetch(`${url}/api/version`)).status).toBe(200)
    expect(await runner.start('gpu-hot')).toMatch(/is not begun/)
  })
})

describe('faults of the simulated Ollama', () => {
  it('down: refuses, and comes back empty', async () => {
    await (await chat()).text()
    await runner.start('ollama-down')
    await expect(fetch(url)).rejects.toThrow()
    await runner.end('ollama-down')
    expect(await (await fetch(`${url}/api/ps`)).json()).toEqual({ models: [] })
  })

  it('busy: 503 until it ends, and only for those who ask a model', async () => {
    await runner.start('ollama-busy')
    expect([(await chat()).status, (await fetch(`${url}/api/tags`)).status]).toEqual([503, 200])
    await runner.end('ollama-busy')
    expect((await chat()).status).toBe(200)
  })

  it('crawls: the speed that Ollama tells collapses', async () => {
    const before = await speed()
    await runner.start('ollama-crawls')
    expect(await speed()).toBeLessThan(4)
    await runner.end('ollama-crawls')
    expect(before).toBeGreaterThan(8)
  })

  it('slow: late, and in time again', async () => {
    await runner.start('ollama-slow')
    const began = performance.now()
    await fetch(`${url}/api/tags`)
    expect(performance.now() - began).toBeGreaterThan(1000)
    await runner.end('ollama-slow')
    expect(simulator.control.faults.list()).toEqual([])
  })

  it('spilled: one model partly, one wholly in main memory, and neither afterwards', async () => {
    await runner.start('ollama-spilled')
    await until(() => simulator.control.loaded().length === 2)
    const shares = simulator.control.loaded().map(({ size, vram }) => vram / size)
    expect(shares.toSorted((a, b) => a - b)).toEqual([0, expect.closeTo(0.2, 0)])
    expect(Math.max(...shares)).toBeGreaterThan(0)
    await runner.end('ollama-spilled')
    expect(simulator.control.loaded()).toEqual([])
  })

  it('thrash: a model after another', async () => {
    await runner.start('ollama-thrash')
    const seen = new Set<string>()
    await until(() => {
      for (const { name } of simulator.control.loaded()) seen.add(name)
      return seen.size > 1
    })
    expect(simulator.control.loaded()).toHaveLength(1)
  })
})

describe('the socket of a demonstration', () => {
  it('is for its owner only, takes lines, and says no to nonsense', async () => {
    await using listening = await listenForLines(directory, (line) => obey(line, runner))
    expect(listening).toBeDefined()
    expect(statSync(join(directory, 'demo.sock')).mode & 0o777).toBe(0o600)
    expect(await sendLine(directory, 'fault gpu-hot,gpu-full for 60s')).toMatch(/^gpu-hot has begun.*\ngpu-full has/)
    expect(await sendLine(directory, 'faults')).toMatch(/there now: gpu-hot \(\d+ s left\), gpu-full/)
    await expect(sendLine(directory, 'fault gpu-cold')).rejects.toThrow(/there is no fault "gpu-cold"/)
    await expect(sendLine(directory, 'burn everything')).rejects.toThrow(/^fault NAME/)
    await expect(sendLine(directory, 'fault gpu-hot for ever')).rejects.toThrow(/not a time/)
    expect(await sendLine(directory, 'end all')).toBe('gpu-hot has ended\ngpu-full has ended')
  })

  it('is missed where no demonstration runs', async () => {
    await expect(sendLine(directory, 'faults')).rejects.toThrow(/no demonstration runs on .*npm run demo/)
  })
})
