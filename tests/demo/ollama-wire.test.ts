import { describe, expect, test } from 'vitest'
import { lines, post, startSimulator } from '../support/ollama.ts'

const question = { model: 'llama3.2:3b', prompt: 'Why is the sky blue?' }
const messages = [{ role: 'user', content: 'Why is the sky blue?' }]
const short = { num_predict: 5 }

describe('/api/generate', () => {
  test('streams by default, and the last chunk carries the numbers', async () => {
    const { url } = await startSimulator()
    const { text } = await post(`${url}/api/generate`, { ...question, options: short })
    const chunks = lines(text)
    expect(chunks).toHaveLength(6)
    expect(chunks.slice(0, -1).every(({ done, response }) => done === false && response !== '')).toBe(true)
    expect(Object.keys(chunks.at(-1) ?? {})).toEqual([
      'model',
      'created_at',
      'response',
      'done',
      'done_reason',
      'context',
      'total_duration',
      'load_duration',
      'prompt_eval_count',
      'prompt_eval_duration',
      'eval_count',
      'eval_duration',
    ])
    expect(chunks.at(-1)).toMatchObject({ done: true, done_reason: 'length', eval_count: 5 })
  })

  test('stream: false says the same in one object', async () => {
    const { url } = await startSimulator()
    const streamed = lines((await post(`${url}/api/generate`, question)).text)
    const whole = JSON.parse((await post(`${url}/api/generate`, { ...question, stream: false })).text)
    expect(whole.response).toBe(streamed.map(({ response }) => response).join(''))
    expect(whole).toMatchObject({ done: true, done_reason: 'stop', eval_count: streamed.length - 1 })
  })

  test('the same seed says the same, another seed something else', async () => {
    const { url } = await startSimulator()
    const ask = async (seed: number): Promise<string> =>
      JSON.parse((await post(`${url}/api/generate`, { ...question, stream: false, options: { seed } })).text).response
    expect(await ask(1)).toBe(await ask(1))
    expect(await ask(1)).not.toBe(await ask(2))
  })

  test('without a prompt loads and unloads', async () => {
    const { url, control } = await startSimulator()
    const load = await post(`${url}/api/generate`, { model: 'llama3.2:3b' })
    expect(JSON.parse(load.text)).toMatchObject({ response: '', done: true, done_reason: 'load' })
    expect(control.loaded()).toHaveLength(1)
    const unload = await post(`${url}/api/generate`, { model: 'llama3.2:3b', keep_alive: 0 })
    expect(JSON.parse(unload.text)).toMatchObject({ done: true, done_reason: 'unload' })
    expect(control.loaded()).toHaveLength(0)
  })
})

describe('format', () => {
  test('json answers with JSON', async () => {
    const { url } = await startSimulator()
    const { text } = await post(`${url}/api/generate`, { ...question, stream: false, format: 'json' })
    expect(JSON.parse(JSON.parse(text).response)).toHaveProperty('answer')
  })

  test('a schema is answered with a value that fits it', async () => {
    const { url } = await startSimulator()
    const properties = {
      verdict: { enum: ['A', 'B', 'tie'] },
      confidence: { type: 'number', minimum: 0, maximum: 1 },
      reasons: { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 },
      sure: { type: 'boolean' },
    }
    const { text } = await post(`${url}/api/generate`, {
      ...question,
      stream: false,
      format: { type: 'object', properties },
    })
    const value = JSON.parse(JSON.parse(text).response)
    expect(['A', 'B', 'tie']).toContain(value.verdict)
    expect(value.confidence).toBeGreaterThanOrEqual(0)
    expect(value.confidence).toBeLessThanOrEqual(1)
    expect(value.reasons).toEqual([expect.any(String), expect.any(String)])
    expect(typeof value.sure).toBe('boolean')
  })
})

describe('/api/chat', () => {
  test('a thinking model thinks first, unless told not to', async () => {
    const { url } = await startSimulator()
    const chunks = lines((await post(`${url}/api/chat`, { model: 'qwen3:14b', messages })).text)
    const kinds = chunks.slice(0, -1).map(({ message }) => ('thinking' in (message as object) ? 't' : 'c'))
    expect(kinds.join('')).toMatch(/^t+c+$/)
    const plain = await post(`${url}/api/chat`, { model: 'qwen3:14b', messages, think: false })
    expect(plain.text).not.toContain('"thinking"')
  })

  test('without messages loads and unloads', async () => {
    const { url } = await startSimulator()
    expect((await post(`${url}/api/chat`, { model: 'llama3.2:3b' })).text).toContain('"done_reason":"load"')
    expect((await post(`${url}/api/chat`, { model: 'llama3.2:3b', keep_alive: 0 })).text).toContain('"unload"')
  })
})

const events = (text: string): string[] =>
  text
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => event.replace(/^data: /, ''))

const dot = (x: number[] = [], y: number[] = []): number => x.reduce((sum, one, i) => sum + one * (y[i] ?? 0), 0)

describe('/v1', () => {
  test('chat completions stream as server-sent events, with usage on demand', async () => {
    const { url } = await startSimulator()
    const body = { model: 'llama3.2:3b', messages, stream: true, max_tokens: 3 }
    const plain = events((await post(`${url}/v1/chat/completions`, body)).text)
    expect(plain.at(-1)).toBe('[DONE]')
    expect(plain.some((event) => event.includes('"usage"'))).toBe(false)
    const counted = events(
      (await post(`${url}/v1/chat/completions`, { ...body, stream_options: { include_usage: true } })).text,
    )
    expect(JSON.parse(counted.at(-2) ?? '')).toMatchObject({ choices: [], usage: { completion_tokens: 3 } })
    expect(JSON.parse(counted.at(-3) ?? '')).toMatchObject({ choices: [{ finish_reason: 'length' }] })
  })

  test('chat completions come whole by default', async () => {
    const { url } = await startSimulator()
    const { text } = await post(`${url}/v1/chat/completions`, { model: 'llama3.2:3b', messages, max_tokens: 3 })
    const { choices, usage } = JSON.parse(text)
    expect(choices[0]).toMatchObject({ message: { role: 'assistant' }, finish_reason: 'length' })
    expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens)
  })

  test('embeddings of texts that share words lie nearer', async () => {
    const { url } = await startSimulator()
    const input = ['the disk is full', 'the disk is nearly full', 'purple elephants dance']
    const { text } = await post(`${url}/v1/embeddings`, { model: 'nomic-embed-text', input })
    const [a, b, c] = (JSON.parse(text).data as { embedding: number[] }[]).map(({ embedding }) => embedding)
    expect(dot(a, a)).toBeCloseTo(1, 4)
    expect(dot(a, b)).toBeGreaterThan(dot(a, c) + 0.3)
  })
})

test('/api/pull shows progress and installs', async () => {
  const { url, control } = await startSimulator()
  const steps = lines((await post(`${url}/api/pull`, { model: 'smollm2:135m' })).text)
  expect(steps[0]).toEqual({ status: 'pulling manifest' })
  expect(steps.at(-1)).toEqual({ status: 'success' })
  const progress = steps.filter(({ completed }) => completed !== undefined).map(({ completed }) => Number(completed))
  expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  expect(progress.at(-1)).toBe(steps[1]?.['total'])
  expect(control.installed()).toContain('smollm2:135m')
  const unknown = lines((await post(`${url}/api/pull`, { model: 'no-such' })).text)
  expect(unknown.at(-1)).toEqual({ error: 'pull model manifest: file does not exist' })
})

test('/api/copy and /api/delete', async () => {
  const { url, control } = await startSimulator()
  expect(await post(`${url}/api/copy`, { source: 'mistral:7b', destination: 'mine' })).toEqual({
    status: 200,
    text: '',
  })
  expect(control.installed()).toContain('mine:latest')
  expect(await post(`${url}/api/delete`, { model: 'mine' }, { method: 'DELETE' })).toEqual({ status: 200, text: '' })
  expect(control.installed()).not.toContain('mine:latest')
})

test.each([
  ['/api/generate', { model: 'nope', prompt: 'x' }, 404, `{"error":"model 'nope' not found"}`],
  ['/api/chat', {}, 400, '{"error":"model is required"}'],
  ['/api/embed', { model: 'nope' }, 404, String.raw`{"error":"model \"nope\" not found, try pulling it first"}`],
  [
    '/api/generate',
    { model: 'nomic-embed-text', prompt: 'x' },
    400,
    String.raw`{"error":"\"nomic-embed-text\" does not support generate"}`,
  ],
  [
    '/api/generate',
    { ...question, keep_alive: '5' },
    400,
    String.raw`{"error":"time: missing unit in duration \"5\""}`,
  ],
  ['/api/create', { model: 'x' }, 501, '{"error":"this is a simulated Ollama: it cannot create models"}'],
  [
    '/v1/chat/completions',
    { model: 'nope', messages },
    404,
    `{"error":{"message":"model 'nope' not found","type":"not_found_error","param":null,"code":null}}\n`,
  ],
  ['/nowhere', {}, 404, '404 page not found'],
  ['/api/tags', {}, 405, '405 method not allowed'],
])('%s with %j is refused as Ollama does', async (path, body, status, text) => {
  const { url } = await startSimulator()
  expect(await post(url + path, body)).toEqual({ status, text })
})
