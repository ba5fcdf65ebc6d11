import { describe, expect, it } from 'vitest'
import {
  awayText,
  contextText,
  expiry,
  isEmpty,
  kind,
  loadedOf,
  ollamaLine,
  placement,
} from '../../../web/src/features/models/view.ts'
import { noon } from '../monitor/readings.ts'
import { away, empty, status } from './status.ts'

const [llama, qwen, idle] = status.models as [
  (typeof status.models)[number],
  (typeof status.models)[number],
  (typeof status.models)[number],
]
const plain = (words: string): string => words.replaceAll('\u{a0}', ' ')

describe('a model', () => {
  it('says how much of it spilled', () => {
    expect(placement(llama)).toMatchObject({ gpu: 0.75, cpu: 0.25 })
    expect(plain(placement(llama)?.text ?? '')).toBe('25 % (1.00 GiB) spilled to the CPU')
    expect(plain(placement(qwen)?.text ?? '')).toBe('all 6.00 GiB on the GPU')
    expect(plain(placement({ ...qwen, vram: 0, ram: 2 ** 30 })?.text ?? '')).toContain('all 1.00 GiB in the CPU')
    expect(placement(idle)).toBeUndefined()
    expect(placement({ ...qwen, vram: 0 })).toBeUndefined()
  })

  it('counts down to its unloading, and says in words that it stays', () => {
    expect(plain(expiry(llama, noon))).toBe('in 2 min')
    expect(plain(expiry(llama, noon + 61_000))).toBe('in 59 s')
    expect(expiry(llama, noon + 120_000)).toBe('any moment')
    expect(expiry(qwen, noon)).toContain('pinned')
    expect(expiry(idle, noon)).toBe('–')
    expect(expiry({ ...qwen, pinned: false }, noon)).toBe('not known')
  })

  it('is told by what is known of it', () => {
    expect(kind(llama)).toBe('llama · 3.2B · Q4_K_M')
    expect(kind({ ...llama, family: '', parameters: '', quantization: '' })).toBe('–')
    expect(contextText(llama)).toBe('8192 tokens')
    expect(plain(contextText({ ...llama, context: 131_072 }))).toBe('131 k tokens')
    expect(contextText(idle)).toBe('–')
  })
})

describe('Ollama', () => {
  it('is up or away, with since when', () => {
    expect(ollamaLine(status, noon)).toMatchObject({ tone: 'ok', word: 'up' })
    expect(plain(ollamaLine(away, noon).text)).toContain('20 s ago')
    expect(ollamaLine(away, noon).word).toBe('away')
  })

  it('away: says why, what to do, and how old the list is', () => {
    expect(awayText(status, noon)).toBeUndefined()
    const words = plain(awayText(away, noon) ?? '')
    expect(words).toContain('connection refused')
    expect(words).toContain('25 s ago')
    expect(words).toContain('ollama serve')
    const { stale: _, ...never } = away.ollama
    expect(awayText({ ...away, ollama: never }, noon)).toContain('not known yet')
  })

  it('without a model is empty only while it is there', () => {
    expect([status, away, empty, { ...empty, ollama: away.ollama }].map(isEmpty)).toEqual([false, false, true, false])
    expect(loadedOf(status).map(({ name }) => name)).toEqual(['llama3.2:latest', 'qwen3:8b'])
  })
})
