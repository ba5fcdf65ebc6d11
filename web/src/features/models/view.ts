import type { ModelsStatus } from '../../../../src/features/models/contract.ts'
import { ago, bytes, clock, count, duration, percent } from '../../ui/format.ts'

type Model = ModelsStatus['models'][number]

/** State of Ollama in words; `now` in ms since the epoch. */
export function ollamaLine(
  { ollama }: ModelsStatus,
  now: number,
): { readonly tone: 'ok' | 'critical'; readonly word: string; readonly text: string } {
  const since = `since ${clock(ollama.since, now)} (${ago(ollama.since, now)})`
  const at = `at ${ollama.url}`
  if (ollama.up) {
    const version = ollama.version === undefined ? '' : ` · version ${ollama.version}`
    return { tone: 'ok', word: 'up', text: `${since} · ${at}${version}` }
  }
  return { tone: 'critical', word: 'away', text: `${since} · ${at}` }
}

/** What to say, and what to do, while Ollama is away; undefined while it is there. */
export function awayText({ ollama }: ModelsStatus, now: number): string | undefined {
  if (ollama.up) return undefined
  const reason = ollama.reason === undefined ? '' : ` (${ollama.reason})`
  const known =
    ollama.stale === undefined
      ? 'What it holds is not known yet.'
      : `What follows is what it held ${ago(ollama.stale, now)}.`
  return `Ollama does not answer at ${ollama.url}${reason}. ${known} Start it with “ollama serve”; this page goes on by itself.`
}

/** Where a loaded model lies: shares of its memory, 0..1. */
export interface Placement {
  readonly gpu: number
  /** Spilled to the CPU's memory. */
  readonly cpu: number
  readonly total: number
  readonly text: string
}

/** undefined while the model is not loaded, or Ollama does not say how much it takes. */
export function placement({ loaded, vram = 0, ram = 0 }: Model): Placement | undefined {
  const total = vram + ram
  if (!loaded || total <= 0) return undefined
  const [gpu, cpu] = [vram / total, ram / total]
  const text =
    cpu === 0
      ? `all ${bytes(total)} on the GPU`
      : gpu === 0
        ? `all ${bytes(total)} in the CPU’s memory`
        : `${percent(cpu)} (${bytes(ram)}) spilled to the CPU`
  return { gpu, cpu, total, text }
}

/** When a model will be unloaded; `now` in ms since the epoch. */
export function expiry({ loaded, pinned, expires }: Model, now: number): string {
  if (!loaded) return '–'
  if (pinned) return 'never, pinned'
  if (expires === undefined) return 'not known'
  const seconds = (expires - now) / 1000
  return seconds <= 0 ? 'any moment' : `in ${duration(Math.max(1, Math.round(seconds)))}`
}

/** Since when it is loaded, or not; `now` in ms since the epoch. */
export const sinceText = ({ since }: Model, now: number): string => (since === undefined ? '–' : ago(since, now))

/** `llama · 3.2B · Q4_K_M`, of what is known. */
export const kind = ({ family, parameters, quantization }: Model): string =>
  [family, parameters, quantization].filter((part) => part !== '').join(' · ') || '–'

export const contextText = ({ context }: Model): string =>
  context === undefined ? '–' : `${context < 100_000 ? String(context) : count(context)} tokens`

/** Loaded first, then by name, so that rows keep their place while they live. */
export const loadedOf = ({ models }: ModelsStatus): readonly Model[] => models.filter(({ loaded }) => loaded)

/** Ollama is there and has no model. */
export const isEmpty = ({ ollama, models }: ModelsStatus): boolean => ollama.up && models.length === 0
