import { afterAll, beforeAll, expect, test } from 'vitest'
import { defineModel } from '../../src/demo/ollama/models.ts'
import { createOllamaSimulator, type OllamaSimulator } from '../../src/demo/ollama/server.ts'
import { findOllama, startOllama, type RealOllama } from '../support/real-ollama.ts'

const path = findOllama()
if (path === undefined)
  console.warn('skipped: the simulator beside a real Ollama: none on the PATH, and AURA_TEST_OLLAMA names none')
const beside = test.skipIf(path === undefined)

/** What the simulator says of the tiny model that the real one has. */
const tiny = defineModel({
  name: 'tiny:latest',
  family: 'llama',
  parameterSize: '78K',
  parameters: 77_888,
  quantization: 'unknown',
  size: 320_169,
  layers: 1,
  contextMax: 256,
  embeddingLength: 64,
  cachePerToken: 512,
  capabilities: ['completion'],
  tokensPerSecond: 1000,
  promptTokensPerSecond: 10_000,
  loadSeconds: 0.05,
})

let real: RealOllama
let simulator: OllamaSimulator
let urls: { real: string; simulated: string }

beforeAll(async () => {
  if (path === undefined) return
  real = await startOllama(path)
  await real.install('tiny')
  simulator = createOllamaSimulator({ models: [tiny], version: '0.0.0' })
  urls = { real: real.url, simulated: await simulator.listen() }
})
afterAll(async () => {
  await real?.stop()
  await simulator?.close()
})

/** A value with what may differ (texts, numbers, digests) replaced by its type; keys keep their order. */
function shapeOf(value: unknown, key = ''): unknown {
  if (Array.isArray(value))
    return key === 'context' || key === 'embedding' ? ['number'] : value.map((one) => shapeOf(one, key))
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).map(([name, one]) => [name, shapeOf(one, name)])
  }
  const telling = [
    'error',
    'message',
    'type',
    'status',
    'object',
    'done',
    'done_reason',
    'finish_reason',
    'role',
    'model',
    'name',
    'family',
    'format',
    'source',
  ]
  if (telling.includes(key) || value === null) return value
  return typeof value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The answer, line by line, without how many words were written. */
async function ask(url: string, method: string, route: string, body: unknown): Promise<object> {
  const init =
    body === undefined ? { method } : { method, body: typeof body === 'string' ? body : JSON.stringify(body) }
  const answer = await fetch(url + route, init)
  const pieces = (await answer.text()).split('\n').filter((line) => line !== '')
  const shapes = pieces.map((line) => JSON.stringify(shapeOf(parse(line.replace(/^data: /, '')))))
  const framing = pieces.map((line) => (line.startsWith('data: ') ? 'data' : ''))
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    shapes: [...new Set(shapes)],
    framing: [...new Set(framing)],
  }
}

const messages = [{ role: 'user', content: 'a b c' }]
const two = { num_predict: 2 }
const chat = { model: 'tiny', messages, options: two }

const questions: [string, string, unknown?][] = [
  ['GET', '/'],
  ['GET', '/api/version'],
  ['GET', '/api/tags'],
  ['GET', '/api/ps'],
  ['GET', '/metrics'],
  ['GET', '/nowhere'],
  ['POST', '/api/tags'],
  ['POST', '/api/generate', { model: 'tiny', prompt: 'a b c', options: two }],
  ['GET', '/api/ps'],
  ['POST', '/api/generate', { model: 'tiny', prompt: 'a b c', options: two, stream: false }],
  ['POST', '/api/generate', { model: 'tiny' }],
  ['POST', '/api/generate', { model: 'tiny', keep_alive: 0 }],
  ['POST', '/api/chat', chat],
  ['POST', '/api/chat', { ...chat, stream: false, keep_alive: -1 }],
  ['POST', '/api/chat', { ...chat, think: true }],
  ['POST', '/api/chat', { ...chat, tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] }],
  ['POST', '/api/chat', { model: 'tiny', keep_alive: '0' }],
  ['POST', '/api/embed', { model: 'tiny' }],
  ['POST', '/api/embed', { model: 'tiny', input: 5 }],
  ['POST', '/api/embeddings', { model: 'tiny', prompt: 'a' }],
  ['POST', '/api/copy', { source: 'tiny', destination: 'twin' }],
  ['POST', '/api/copy', { source: 'nope', destination: 'twin' }],
  ['DELETE', '/api/delete', { model: 'twin' }],
  ['DELETE', '/api/delete', { model: 'twin' }],
  ['GET', '/v1/models'],
  ['GET', '/v1/models/tiny'],
  ['GET', '/v1/models/nope'],
  ['POST', '/v1/chat/completions', { model: 'tiny', messages, max_tokens: 2 }],
  ['POST', '/v1/chat/completions', { model: 'tiny', messages, max_tokens: 2, stream: true }],
  [
    'POST',
    '/v1/chat/completions',
    { model: 'tiny', messages, max_tokens: 2, stream: true, stream_options: { include_usage: true } },
  ],
  ['POST', '/v1/chat/completions', {}],
  ['POST', '/v1/chat/completions', { model: 'nope', messages }],
  ['POST', '/v1/completions', { model: 'tiny', prompt: 'a', max_tokens: 2 }],
  [
    'POST',
    '/v1/completions',
    { model: 'tiny', prompt: 'a', max_tokens: 2, stream: true, stream_options: { include_usage: true } },
  ],
  ['POST', '/v1/embeddings', { model: 'tiny', input: 'a' }],
  ['POST', '/v1/embeddings', { model: 'tiny' }],
  ['POST', '/v1/embeddings', { model: 'nope', input: 'a' }],
]
const broken = [
  '',
  '{',
  'x',
  '[]',
  {},
  { model: 'nope' },
  { model: 'nope', keep_alive: '5' },
  { model: 'nope', keep_alive: '5x' },
]
for (const route of ['generate', 'chat', 'embed', 'embeddings', 'show', 'copy']) {
  for (const body of broken) questions.push(['POST', `/api/${route}`, body])
}
for (const body of broken.slice(0, 6)) questions.push(['DELETE', '/api/delete', body])

// One by one, as each leaves both in the same state for the next.
beside.each(questions)('the simulator answers as the real Ollama: %s %s %j', async (method, route, body) => {
  expect(await ask(urls.simulated, method, route, body)).toEqual(await ask(urls.real, method, route, body))
})
