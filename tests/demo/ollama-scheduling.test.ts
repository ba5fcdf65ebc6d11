import { describe, expect, test } from 'vitest'
import { installed, type SimModel } from '../../src/demo/ollama/models.ts'
import { lines, post, startSimulator, until, type RunningSimulator } from '../support/ollama.ts'

const gib = 2 ** 30
const [small, middle, large] = ['llama3.2:3b', 'llama3.1:8b', 'qwen3:14b'] as const

/** Writes a word in 40 ms at 50 times the speed, and so has work for more than a second. */
const slow: SimModel = { ...(installed[0] as SimModel), name: 'slow:3b', tokensPerSecond: 0.5, blob: 'b'.repeat(64) }
const unhurried = { timeScale: 50, models: [...installed, slow] }

const ask = (url: string, model: string, more: object = {}): Promise<{ status: number; text: string }> =>
  post(`${url}/api/generate`, { model, prompt: 'x', stream: false, ...more })
const names = ({ control }: RunningSimulator): string[] => control.loaded().map(({ name }) => name)

/** A request that goes on until it is left. */
function endless(url: string, model: string): { leave(): void; gone: Promise<unknown> } {
  const abort = new AbortController()
  const body = { model, prompt: 'x' }
  const gone = post(`${url}/api/generate`, body, { signal: abort.signal }).catch((error: unknown) => error)
  return { leave: () => abort.abort(), gone }
}

describe('the queue', () => {
  test('is bounded for requests that need a load, with 503 and no Retry-After', async () => {
    const simulator = await startSimulator({ timeScale: 1, maxQueue: 2 })
    const { url, control } = simulator
    const waiting = [endless(url, small)]
    await until(() => control.loaded().length === 1, 'the first is loading')
    // The one served next waits for that load; two more fill the queue.
    for (const model of [middle, middle, large]) {
      waiting.push(endless(url, model))
      const queued = waiting.length - 2
      await until(
        () => (control.requests.get('POST /api/generate') ?? 0) === waiting.length && control.queued() === queued,
        'it waits',
      )
    }
    const refused = await fetch(`${url}/api/generate`, {
      method: 'POST',
      body: JSON.stringify({ model: large, prompt: 'x' }),
    })
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBeNull()
    expect(await refused.text()).toBe('{"error":"server busy, please try again.  maximum pending requests exceeded"}')
    for (const one of waiting) one.leave()
    await Promise.all(waiting.map(({ gone }) => gone))
  })

  test('is not for loaded models: they wait on the runner, without bound', async () => {
    const { url, control } = await startSimulator({ ...unhurried, maxQueue: 1 })
    control.load(slow.name)
    const first = endless(url, slow.name)
    await until(() => control.loaded()[0]?.slots.taken === 1, 'the first writes')
    const all = Array.from({ length: 12 }, () => ask(url, slow.name, { options: { num_predict: 1 } }))
    await until(() => control.loaded()[0]?.slots.waiting === 12, 'twelve wait')
    expect(control.queued()).toBe(0)
    first.leave()
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200))
  })

  test('OLLAMA_NUM_PARALLEL requests run side by side', async () => {
    const { url, control } = await startSimulator({ ...unhurried, numParallel: 3 })
    control.load(slow.name)
    const all = Array.from({ length: 5 }, () => endless(url, slow.name))
    await until(() => control.loaded()[0]?.slots.waiting === 2, 'two wait')
    expect(control.loaded()[0]?.slots.taken).toBe(3)
    for (const one of all) one.leave()
    await until(() => control.loaded()[0]?.slots.taken === 0, 'all have left')
  })
})

describe('a load', () => {
  test('evicts an idle model when the count is reached', async () => {
    const simulator = await startSimulator({ maxLoaded: 1 })
    await ask(simulator.url, small)
    await ask(simulator.url, middle)
    expect(names(simulator)).toEqual([middle])
  })

  test('evicts when memory does not suffice, and not otherwise', async () => {
    const simulator = await startSimulator({ vram: 12 * gib })
    await ask(simulator.url, small)
    await ask(simulator.url, middle)
    expect(names(simulator).toSorted()).toEqual([middle, small].toSorted())
    await ask(simulator.url, large)
    expect(names(simulator)).toEqual([large])
  })

  test('waits for its victim to become idle, and holds up every other load', async () => {
    const simulator = await startSimulator({ ...unhurried, maxLoaded: 1 })
    const { url, control } = simulator
    control.load(slow.name)
    const hot = endless(url, slow.name)
    await until(() => control.loaded()[0]?.users === 1, 'the victim is busy')
    const cold = [ask(url, middle), ask(url, large)]
    await until(() => control.queued() === 1, 'one is served, one waits')
    expect(names(simulator)).toEqual([slow.name])
    hot.leave()
    expect((await Promise.all(cold)).map(({ status }) => status)).toEqual([200, 200])
    expect(names(simulator)).toEqual([large])
  })

  test('is lost when the client that began it leaves; who waited for it begins anew', async () => {
    const { url, control } = await startSimulator({ timeScale: 10 })
    const first = endless(url, large)
    await until(() => control.loaded()[0]?.state === 'loading', 'it loads')
    const [lost] = control.loaded()
    const second = ask(url, large, { options: { num_predict: 2 } })
    first.leave()
    expect((await second).status).toBe(200)
    expect(lost?.state).toBe('gone')
    expect(control.loaded()[0]).not.toBe(lost)
  })

  test('is needed again for another num_ctx, and not for other sampling', async () => {
    const { url, control } = await startSimulator()
    await ask(url, small)
    const [before] = control.loaded()
    await ask(url, small, { options: { temperature: 0.1, seed: 4, num_predict: 2 } })
    expect(control.loaded()[0]).toBe(before)
    await ask(url, small, { options: { num_ctx: 8192, num_predict: 2 } })
    expect(control.loaded()).toHaveLength(1)
    expect(control.loaded()[0]?.options.num_ctx).toBe(8192)
  })
})

test('a load of more than the machine has is refused', async () => {
  const { url } = await startSimulator({ vram: 8 * gib, ram: 16 * gib })
  const { status, text } = await ask(url, 'llama3.3:70b')
  expect(status).toBe(500)
  expect(text).toMatch(/model requires more system memory \([\d.]+ GiB\) than is available \(16\.0 GiB\)/)
})

describe('keep_alive', () => {
  test('ends a stay', async () => {
    const simulator = await startSimulator({ timeScale: 100 })
    await ask(simulator.url, small, { keep_alive: '2s' })
    expect(names(simulator)).toEqual([small])
    await until(() => names(simulator).length === 0, 'it has expired')
  })

  test.each([
    ['0 unloads after the answer', 0, []],
    ['-1 pins', -1, [small]],
    ['a negative duration pins', '-1m', [small]],
  ])('%s', async (_, keep_alive, left) => {
    const simulator = await startSimulator()
    await ask(simulator.url, small, { keep_alive, options: { num_predict: 1 } })
    await until(() => names(simulator).length === left.length, 'it stays or goes')
    const { models } = (await (await fetch(`${simulator.url}/api/ps`)).json()) as { models: { expires_at: string }[] }
    for (const { expires_at } of models) expect(Date.parse(expires_at)).toBeGreaterThan(Date.now() + 1e12)
  })
})

test('a client that leaves frees its slot', async () => {
  const { url, control } = await startSimulator(unhurried)
  control.load(slow.name)
  const first = endless(url, slow.name)
  await until(() => control.loaded()[0]?.slots.taken === 1, 'it writes')
  first.leave()
  await until(() => control.loaded()[0]?.slots.taken === 0, 'the slot is free')
  await until(() => control.loaded()[0]?.users === 0, 'nobody uses the model')
})

test('load_duration contains the wait, and a stream says all its tokens', async () => {
  const { url } = await startSimulator({ timeScale: 20 })
  const chunks = lines(
    (await post(`${url}/api/generate`, { model: large, prompt: 'x', options: { num_predict: 7 } })).text,
  )
  const last = chunks.at(-1)
  // 5.6 s of loading, twenty times as fast.
  expect(Number(last?.['load_duration'])).toBeGreaterThan(0.25e9)
  expect(chunks).toHaveLength(1 + Number(last?.['eval_count']))
})
