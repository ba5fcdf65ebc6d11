import { performance } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import { cancelled } from './failure.ts'
import { anyObject, valueOf } from './json.ts'
import type { Runner } from './runner.ts'
import { babble, countTokens, createRandom, naturalLength } from './text.ts'
import { sleep } from './wait.ts'

export interface CompletionRequest {
  readonly prompt: string
  readonly seed: string
  /** Most tokens to write; negative or undefined for no limit. */
  readonly limit: number | undefined
  readonly think: boolean
  /** `"json"` or a JSON schema: answer with such a value instead of text. */
  readonly format: unknown
}

export interface Piece {
  readonly text: string
  readonly thinking: boolean
}

/** Durations in ns of real time; what Ollama's final chunk says. */
export interface Stats {
  readonly promptTokens: number
  readonly promptDuration: number
  readonly tokens: number
  readonly duration: number
  readonly reason: 'stop' | 'length'
}

/** Prompts are worked through in batches; only between two of them is it noticed that the client has left. */
const batch = 512

/** One request on a runner: waits for a slot, reads the prompt, then writes at the model's pace. */
export async function* complete(
  runner: Runner,
  request: CompletionRequest,
  timeScale: number,
  signal: AbortSignal,
): AsyncGenerator<Piece, Stats> {
  const free = await runner.slots.take(signal)
  try {
    const started = performance.now()
    const promptTokens = countTokens(request.prompt) + 8
    await readPrompt(runner, promptTokens, timeScale, signal)
    const read = performance.now()
    const { pieces, reason } = plan(request)
    const pace = createPace(timeScale, signal)
    for (const piece of pieces) {
      // Requests side by side slow each other, though less than they gain together.
      await pace((1000 / runner.model.tokensPerSecond) * (1 + 0.4 * (runner.slots.taken - 1)))
      yield piece
    }
    return {
      promptTokens,
      promptDuration: ns(read - started),
      tokens: pieces.length,
      duration: ns(performance.now() - read),
      reason,
    }
  } finally {
    free()
  }
}

/** Milliseconds to whole nanoseconds. */
export const ns = (ms: number): number => Math.round(ms * 1e6)

async function readPrompt(runner: Runner, tokens: number, timeScale: number, signal: AbortSignal): Promise<void> {
  for (let left = tokens; left > 0; left -= batch) {
    if (signal.aborted) throw cancelled()
    const ms = (1000 * Math.min(left, batch)) / runner.model.promptTokensPerSecond / timeScale
    await sleep(ms, new AbortController().signal)
  }
}

/** Everything that will be written, decided beforehand by the seed. */
function plan({ seed, limit = -1, think, format }: CompletionRequest): { pieces: Piece[]; reason: 'stop' | 'length' } {
  const random = createRandom(seed)
  const text = babble(random)
  const thoughts = think ? Math.ceil(naturalLength(random) / 2) : 0
  const natural = thoughts + naturalLength(random)
  const pieces = Array.from({ length: natural }, (_, i) => ({ text: text.next().value, thinking: i < thoughts }))
  if (format !== undefined) pieces.splice(thoughts, natural, ...jsonPieces(format, random))
  const first = pieces[thoughts]
  if (first !== undefined) pieces[thoughts] = { ...first, text: first.text.trimStart() }
  const cut = limit >= 0 && limit < pieces.length
  return { pieces: cut ? pieces.slice(0, limit) : pieces, reason: cut ? 'length' : 'stop' }
}

function jsonPieces(format: unknown, random: () => number): Piece[] {
  const answer = JSON.stringify(format === 'json' ? anyObject(random) : valueOf(format, random))
  return (answer.match(/.{1,4}/g) ?? []).map((text) => ({ text, thinking: false }))
}

/** Waits by a running account, because a timer cannot wait for less than a millisecond. */
function createPace(timeScale: number, signal: AbortSignal): (ms: number) => Promise<void> {
  let due = performance.now()
  let since = 0
  return async (ms) => {
    if (signal.aborted) throw cancelled()
    due += ms / timeScale
    const ahead = due - performance.now()
    if (ahead >= 1) await sleep(ahead, signal)
    else if (++since % 16 === 0) await turn()
  }
}
