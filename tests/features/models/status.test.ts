import { setTimeout as sleep } from 'node:timers/promises'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Control } from '../../../src/demo/ollama/control.ts'
import type { Fault } from '../../../src/demo/ollama/faults.ts'
import { createOllamaSimulator } from '../../../src/demo/ollama/server.ts'
import { createOllamaExporter } from '../../../src/exporters/ollama/index.ts'
import { createRunner } from '../../../src/exporters/runner.ts'
import type { Take } from '../../../src/features/feature.ts'
import type { ModelsStatus } from '../../../src/features/models/contract.ts'
import { createModels } from '../../../src/features/models/index.ts'
import { createModelsState } from '../../../src/features/models/state.ts'
import { ollamaOptions } from '../../support/ollama.ts'
import { quiet } from '../../support/logger.ts'
import { expectContract, features, memoryPublisher, nothing } from '../support.ts'

type Act =
  | { readonly do: 'load'; readonly model: string; readonly keepAlive: number }
  | { readonly do: 'unload' | 'uninstall'; readonly model: string }
  | { readonly do: 'fault'; readonly fault: Fault }
  | { readonly do: 'mend' | 'restart' | 'die' | 'wait' }

const names = ['llama3.2:3b', 'qwen3:14b', 'llama3.3:70b']
const model = fc.constantFrom(...names)
const fault = fc.record({
  kind: fc.constantFrom('reset', 'half-body', 'bad-json', 'html', 'status'),
  path: fc.constantFrom('/api/ps', '/api/tags', '/api/version', '/'),
}) as fc.Arbitrary<Fault>

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  // Short ones expire while the sequence runs.
  fc.record({ do: fc.constant('load' as const), model, keepAlive: fc.constantFrom(300, 60_000, Infinity) }),
  fc.record({ do: fc.constantFrom('unload' as const, 'uninstall' as const), model }),
  fc.record({ do: fc.constant('fault' as const), fault }),
  fc.record({ do: fc.constantFrom('mend' as const, 'restart' as const, 'die' as const, 'wait' as const) }),
)

async function perform(act: Act, control: Control): Promise<void> {
  switch (act.do) {
    case 'load':
      if (control.installed().includes(act.model)) control.load(act.model, { keepAlive: act.keepAlive })
      return
    case 'unload':
      return control.unload(act.model)
    case 'uninstall':
      return control.uninstall(act.model)
    case 'fault':
      return control.faults.add(act.fault)
    case 'mend':
      return control.faults.clear()
    case 'die':
      return control.die()
    case 'restart':
      return control.revive()
    case 'wait':
      await sleep(20)
  }
}

const truthOf = (control: Control) => ({
  loaded: [...new Set(control.loaded().map((runner) => runner.name))].toSorted(),
  installed: [...control.installed()].toSorted(),
})

const loadedIn = ({ models }: ModelsStatus): string[] => models.filter(({ loaded }) => loaded).map(({ name }) => name)

test('property 2, Model status accuracy: the status equals Ollama’s own, or is marked stale and keeps what it knew', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyAct, { minLength: 1, maxLength: 12 }), async (acts) => {
      const simulator = createOllamaSimulator({ timeScale: 200 })
      const url = await simulator.listen()
      const exporter = createOllamaExporter(ollamaOptions(url), { log: quiet })
      try {
        const source: { take: Take } = createRunner(exporter, quiet)
        const clock = { now: () => Date.now(), monotonic: () => performance.now() }
        const feature = createModels(features.models, { ollama: source.take, url, clock })
        const publisher = memoryPublisher()
        let last: ModelsStatus | undefined
        for (const act of acts) {
          await perform(act, simulator.control)
          const before = truthOf(simulator.control)
          await feature.tick(publisher)
          const after = truthOf(simulator.control)
          const status = publisher.state('models') as unknown as ModelsStatus
          check(status, before, after, last)
          last = structuredClone(status)
        }
      } finally {
        await exporter.stop?.()
        await simulator.close()
      }
    }),
    { numRuns: 40 },
  )
}, 60_000)

function check(
  status: ModelsStatus,
  before: ReturnType<typeof truthOf>,
  after: ReturnType<typeof truthOf>,
  last: ModelsStatus | undefined,
): void {
  expectContract('models', status)
  const { ollama, models, totals } = status
  if (ollama.up && ollama.stale === undefined) {
    // Something may expire while it is read.
    expect([before.loaded, after.loaded]).toContainEqual(loadedIn(status))
    const all = [...new Set([...before.installed, ...loadedIn(status)])].toSorted()
    expect(models.map(({ name }) => name)).toEqual(all)
    expect(totals).toMatchObject({ installed: before.installed.length, loaded: loadedIn(status).length })
    expect(ollama.reason).toBeUndefined()
    return
  }
  expect(ollama.reason).not.toBe('')
  expect(models).toEqual(last?.models ?? [])
  if (models.length > 0) expect(ollama.stale).toBeGreaterThan(0)
}

const details = { format: 'gguf', family: 'llama', parentModel: '', parameterSize: '3B', quantizationLevel: 'Q4' }
const installed = { name: 'm', digest: '', size: 10, modifiedAt: 1, details }
const memory = { name: 'm', digest: '', size: 12, sizeVram: 9, expiresAt: 5, pinned: false, contextLength: 4, details }

const look = (time: number, loaded: boolean, up = true) => ({
  time,
  failures: new Map(up ? [] : [['version', new Error('connect ECONNREFUSED\nat …')]]),
  readings: up
    ? { version: '0.9', tags: [installed], ps: { loaded: loaded ? [memory] : [], installed: undefined } }
    : {},
})

test('since is the time of a change that was seen; away keeps it, and says since when', () => {
  const stateOf = createModelsState('http://ollama:11434')
  const states = [look(1, true), look(2, false), look(3, false, false), look(4, false, false), look(5, true)].map(
    stateOf,
  )
  expect(states.map(({ models }) => models[0]?.since)).toEqual([undefined, 2, 2, 2, 5])
  expect(states.map(({ ollama }) => ollama.since)).toEqual([1, 1, 3, 3, 5])
  expect(states.map(({ ollama }) => ollama.stale)).toEqual([undefined, undefined, 2, 2, undefined])
  expect(states[3]?.ollama).toMatchObject({ up: false, reason: 'connect ECONNREFUSED', version: '0.9' })
  expect(states[4]?.models[0]).toMatchObject({ vram: 9, ram: 3, context: 4, expires: 5000, modified: 1000, size: 10 })
})

test('what is secret in the address of Ollama is not shown', async () => {
  const clock = { now: () => 1, monotonic: () => 1 }
  const feature = createModels(features.models, { ollama: nothing, url: 'http://me:word@host:1/prefix/', clock })
  const publisher = memoryPublisher()
  await feature.tick(publisher)
  expect(publisher.state('models')['ollama']).toMatchObject({ url: 'http://host:1/prefix' })
})
