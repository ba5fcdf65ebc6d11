import { expect, test } from 'vitest'
import { faultKinds } from '../../src/demo/ollama/faults.ts'
import { lines, post, startSimulator } from '../support/ollama.ts'

const question = { model: 'llama3.2:3b', prompt: 'x', options: { num_predict: 10 } }

test('an error in mid-stream is a line under 200, after what was written', async () => {
  const { url, control } = await startSimulator()
  control.faults.add({ kind: 'error-mid-stream', after: 4, message: 'CUDA error: out of memory' })
  const { status, text } = await post(`${url}/api/generate`, question)
  expect(status).toBe(200)
  expect(lines(text)).toHaveLength(5)
  expect(lines(text).at(-1)).toEqual({ error: 'CUDA error: out of memory' })
})

test('the same under /v1 is an empty chunk and no [DONE]', async () => {
  const { url, control } = await startSimulator()
  control.faults.add({ kind: 'error-mid-stream', after: 2 })
  const messages = [{ role: 'user', content: 'x' }]
  const { text } = await post(`${url}/v1/chat/completions`, { model: 'llama3.2:3b', messages, stream: true })
  expect(text).not.toContain('[DONE]')
  expect(text.trim().split('\n\n')).toHaveLength(3)
})

test('the same without a stream is 500', async () => {
  const { url, control } = await startSimulator()
  control.faults.add({ kind: 'error-mid-stream', message: 'boom' })
  expect(await post(`${url}/api/generate`, { ...question, stream: false })).toEqual({
    status: 500,
    text: '{"error":"boom"}',
  })
})

test('a cut stream breaks off, and its slot is free again', async () => {
  const { url, control } = await startSimulator()
  control.faults.add({ kind: 'cut-stream', after: 3 })
  const answer = await fetch(`${url}/api/generate`, { method: 'POST', body: JSON.stringify(question) })
  await expect(answer.text()).rejects.toThrow(/terminated/)
  expect(control.loaded()[0]?.slots.taken).toBe(0)
  expect(control.loaded()[0]?.users).toBe(0)
})

test('a fault spoils as many requests as it was told, on the paths it was told', async () => {
  const { url, control } = await startSimulator()
  control.faults.add({ kind: 'busy', path: '/api/generate', times: 2 })
  const statuses: number[] = []
  for (let i = 0; i < 3; i++) statuses.push((await post(`${url}/api/generate`, question)).status)
  expect(statuses).toEqual([503, 503, 200])
  control.faults.add({ kind: 'status', path: '/api/ps', status: 418 })
  expect((await fetch(`${url}/api/tags`)).status).toBe(200)
  expect((await fetch(`${url}/api/ps`)).status).toBe(418)
})

test('a slow first token is slow and otherwise whole', async () => {
  const { url, control } = await startSimulator()
  control.faults.add({ kind: 'slow-first-token', ms: 60 })
  const began = performance.now()
  const { text } = await post(`${url}/api/generate`, question)
  expect(performance.now() - began).toBeGreaterThan(55)
  expect(lines(text)).toHaveLength(11)
})

test('dies and comes back by itself, with nothing in memory', async () => {
  const { url, control } = await startSimulator()
  control.load('llama3.2:3b')
  await control.die(40)
  await expect(fetch(`${url}/api/version`)).rejects.toThrow(/fetch failed/)
  await new Promise((resolve) => {
    setTimeout(resolve, 100)
  })
  expect((await fetch(`${url}/api/version`)).status).toBe(200)
  expect(await (await fetch(`${url}/api/ps`)).json()).toEqual({ models: [] })
})

test('faults can be set from outside', async () => {
  const { url, control } = await startSimulator()
  await post(`${url}/__sim/faults`, [
    { kind: 'busy', path: '/api/ps' },
    { kind: 'hang', path: '/api/tags' },
  ])
  expect(control.faults.list()).toHaveLength(2)
  expect((await fetch(`${url}/api/ps`)).status).toBe(503)
  await fetch(`${url}/__sim/faults`, { method: 'DELETE' })
  expect((await fetch(`${url}/api/ps`)).status).toBe(200)
  const wrong = await post(`${url}/__sim/faults`, { kind: 'mischief' })
  expect(wrong.status).toBe(500)
  expect(wrong.text).toContain(faultKinds.join(', '))
})
