import { onTestFinished } from 'vitest'
import { createOllamaSimulator, type OllamaSimulator, type SimulatorOptions } from '../../src/demo/ollama/server.ts'
import { createOllamaExporter, type OllamaExporter, type OllamaOptions } from '../../src/exporters/ollama/index.ts'
import { quiet } from './logger.ts'

export interface RunningSimulator extends OllamaSimulator {
  readonly url: string
}

/** A simulated Ollama on a free port, closed when the test ends. Fast unless told otherwise. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const simulator = createOllamaSimulator({ timeScale: 200, ...options })
  const url = await simulator.listen()
  onTestFinished(() => simulator.close())
  return { ...simulator, url }
}

export const ollamaOptions = (url: OllamaOptions['url']): OllamaOptions => ({
  enabled: true,
  url,
  token: '',
  poll_interval: '0s',
  relay_interval: '10m',
  max_response_bytes: 1_048_576,
})

/** The exporter of one test, stopped when it ends. */
export function ollamaExporter(url: OllamaOptions['url'], options: Partial<OllamaOptions> = {}): OllamaExporter {
  const exporter = createOllamaExporter({ ...ollamaOptions(url), ...options }, { log: quiet })
  onTestFinished(() => exporter.stop?.())
  return exporter
}

/** POST of JSON; the whole answer. */
export async function post(
  url: string,
  body: unknown,
  init: RequestInit = {},
): Promise<{ status: number; text: string }> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body), ...init })
  return { status: answer.status, text: await answer.text() }
}

/** The objects of an NDJSON text. */
export const lines = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

/** Waits until something holds, looking every few milliseconds; throws when it never does. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, ms = 3000): Promise<void> {
  const end = performance.now() + ms
  while (performance.now() < end) {
    if (await holds()) return
    await new Promise((resolve) => {
      setTimeout(resolve, 5)
    })
  }
  throw new Error(`never came true: ${what}`)
}
