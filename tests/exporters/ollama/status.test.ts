import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Control } from '../../../src/demo/ollama/control.ts'
import type { Fault } from '../../../src/demo/ollama/faults.ts'
import { createOllamaSimulator } from '../../../src/demo/ollama/server.ts'
import { createOllamaExporter } from '../../../src/exporters/ollama/index.ts'
import { createRunner, everything } from '../../../src/exporters/runner.ts'
import { createExposition } from '../../../src/lib/exposition.ts'
import { parseExposition, type Family } from '../../support/exposition.ts'
import { quiet } from '../../support/logger.ts'
import { ollamaOptions } from '../../support/ollama.ts'

type Page = Map<string, Family>
type Act =
  | { readonly do: 'load'; readonly model: string; readonly keepAlive: number; readonly numCtx: number }
  | { readonly do: 'unload' | 'uninstall'; readonly model: string }
  | { readonly do: 'fault'; readonly fault: Fault }
  | { readonly do: 'mend' | 'restart' | 'die' | 'wait' }

const names = ['llama3.2:3b', 'qwen3:14b', 'llama3.3:70b']
const model = fc.constantFrom(...names)
const path = fc.constantFrom('/api/ps', '/api/tags', '/api/version', '/')
const kind = fc.constantFrom('reset', 'half-body', 'bad-json', 'html', 'status', 'busy' as const)

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  // Short ones expire while the sequence runs.
  fc.record({
    do: fc.constant('load' as const),
    model,
    keepAlive: fc.constantFrom(400, 60_000, Infinity),
    numCtx: fc.constantFrom(2048, 8192),
  }),
  fc.record({ do: fc.constantFrom('unload' as const, 'uninstall' as const), model }),
  fc.record({ do: fc.constant('fault' as const), fault: fc.record({ kind, path }) as fc.Arbitrary<Fault> }),
  fc.record({ do: fc.constantFrom('mend' as const, 'restart' as const, 'die' as const, 'wait' as const) }),
)

/** Names with a value of `ollama_model_loaded`. */
function shown(page: Page, value: number): string[] {
  const samples = [...(page.get('ollama_model_loaded')?.samples ?? [])]
  return samples
    .filter(([, one]) => one === value)
    .map(([labels]) => /model="([^"]*)"/.exec(labels)?.[1] ?? '')
    .toSorted()
}

const succeeded = (page: Page, collector: string): boolean =>
  page.get('ollama_scrape_collector_success')?.samples.get(`{collector="${collector}"}`) === 1

interface Truth {
  readonly loaded: readonly string[]
  readonly installed: readonly string[]
}

/** The page agrees with Ollama as it was at some moment of the scrape (something may expire meanwhile), or says it fails. */
function checkStatus(page: Page, before: Truth, after: Truth): void {
  expect(page.get('ollama_up')?.samples.get('')).toBe(succeeded(page, 'version') ? 1 : 0)
  expect(page.has('ollama_models_total')).toBe(succeeded(page, 'tags'))
  expect(page.has('ollama_loaded_models')).toBe(succeeded(page, 'ps'))
  if (!succeeded(page, 'ps')) {
    expect(page.has('ollama_model_loaded')).toBe(false)
    return
  }
  // Nothing is loaded meanwhile, but several may expire, one after the other: the page shows some moment in between.
  expect(before.loaded).toEqual(expect.arrayContaining(shown(page, 1)))
  expect(shown(page, 1)).toEqual(expect.arrayContaining([...after.loaded]))
  const zeros = before.installed.filter((name) => !shown(page, 1).includes(name))
  expect(shown(page, 0)).toEqual(succeeded(page, 'tags') ? zeros : [])
}

function checkCounters(before: Page, after: Page): void {
  for (const name of ['ollama_model_load_total', 'ollama_model_unload_total']) {
    for (const [labels, value] of before.get(name)?.samples ?? []) {
      expect(after.get(name)?.samples.get(labels)).toBeGreaterThanOrEqual(value)
    }
  }
}

async function perform(act: Act, control: Control): Promise<void> {
  switch (act.do) {
    case 'load':
      // What was uninstalled earlier can no longer be loaded.
      if (control.installed().includes(act.model)) control.load(act.model, act)
      return
    case 'unload':
      return control.unload(act.model)
    case 'uninstall':
      return control.uninstall(act.model)
    case 'fault':
      return control.faults.add(act.fault)
    case 'mend':
      control.faults.clear()
      return control.revive()
    case 'wait':
      return new Promise((resolve) => void setTimeout(resolve, 4))
    default:
      await control.die()
      if (act.do === 'restart') await control.revive()
  }
}

async function play(acts: readonly Act[]): Promise<void> {
  const simulator = createOllamaSimulator({ timeScale: 200 })
  const { control } = simulator
  const options = { ...ollamaOptions(await simulator.listen()), relay_interval: '0s' }
  const exporter = createOllamaExporter(options, { log: quiet })
  const runner = createRunner(exporter, quiet)
  const truth = (): Truth => ({
    loaded: control
      .loaded()
      .map(({ name }) => name)
      .toSorted(),
    installed: control.installed().toSorted(),
  })
  let last: Page = new Map()
  try {
    // In the end all is mended: the very next scrape must be whole again.
    for (const act of [...acts, { do: 'mend' } as const]) {
      await perform(act, control)
      const before = truth()
      const out = createExposition()
      await runner.scrape(everything, 2000, out)
      const page = parseExposition(out.text())
      checkStatus(page, before, truth())
      checkCounters(last, page)
      last = page
    }
    expect(['version', 'tags', 'ps', 'blobs'].filter((name) => !succeeded(last, name))).toEqual([])
  } finally {
    await exporter.stop?.()
    await simulator.close()
  }
}

// Spec 14.2.
test("model status accuracy: after any sequence the status shown is Ollama's own, or is marked as failing", async () => {
  await fc.assert(fc.asyncProperty(fc.array(anyAct, { minLength: 1, maxLength: 12 }), play), { numRuns: 60 })
}, 60_000)
