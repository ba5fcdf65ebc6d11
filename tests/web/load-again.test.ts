import { expect, it, vi } from 'vitest'
import { loadAgain, orElse, type Served } from '../../web/src/load-again.ts'
import { reloadOnce } from '../../web/src/reload-once.ts'

function createCase(answers: readonly Served[], load: () => Promise<string>) {
  const waits: number[] = []
  const reload = vi.fn<(build: string) => void>()
  const askForStyles = vi.fn<() => void>()
  let asked = 0
  const loaded = loadAgain(load, {
    served: async () => answers[Math.min(asked++, answers.length - 1)] ?? 'same',
    wait: async (ms) => void waits.push(ms),
    random: () => 1,
    reload,
    askForStyles,
  })
  return { loaded, waits, reload, askForStyles }
}

it('waits for a server that is away, ever longer up to seconds, and asks nothing of it meanwhile', async () => {
  const load = vi.fn(async () => 'the part')
  const { loaded, waits, reload, askForStyles } = createCase([...Array<Served>(20).fill('away'), 'same'], load)
  expect(await loaded).toBe('the part')
  expect(waits.slice(0, 4)).toEqual([200, 300, 500, 900])
  expect([waits.length, waits.at(-1)]).toEqual([21, 6500])
  expect(load).toHaveBeenCalledTimes(1)
  expect(askForStyles).toHaveBeenCalledTimes(1)
  expect(reload).not.toHaveBeenCalled()
})

it('gives up with the reason when the server is there and the part still does not come', async () => {
  const load = vi.fn(async () => Promise.reject(new TypeError('Importing a module script failed.')))
  await expect(createCase(['same'], load).loaded).rejects.toThrow('Importing')
  expect(load).toHaveBeenCalledTimes(3)
})

it('gives up at once when the part came and failed by itself', async () => {
  const load = vi.fn(async () => Promise.reject(new TypeError('matchMedia is not a function')))
  await expect(createCase(['away', 'same'], load).loaded).rejects.toThrow('matchMedia')
  expect(load).toHaveBeenCalledTimes(1)
})

it('loads the page anew once for each build and each contract, whatever comes after', () => {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  const reload = vi.fn<() => void>()
  for (const version of ['a', 'a', 'b', 'b']) {
    reloadOnce('build', version, { storage, reload })
    reloadOnce('contract', '2', { storage, reload })
  }
  expect(reload).toHaveBeenCalledTimes(3)
})

it('loads the page anew when the server has another build', async () => {
  const { loaded, reload } = createCase(['away', { other: '/assets/index-2.js' }], async () => 'the part')
  await loaded
  expect(reload.mock.calls).toEqual([['/assets/index-2.js']])
})

it.each([
  'TypeError: Failed to fetch dynamically imported module: http://127.0.0.1:8080/assets/gpus.js',
  'TypeError: error loading dynamically imported module: http://127.0.0.1:8080/assets/gpus.js',
  'TypeError: Importing a module script failed.',
  'Error: Unable to preload CSS for http://127.0.0.1:8080/assets/stat.css',
])('takes as not loaded: %s', async (message) => {
  expect(await orElse(Promise.reject(new Error(message)), () => 'instead')).toBe('instead')
})

it('leaves alone what came and failed by itself', async () => {
  const failed = Promise.reject(new TypeError('matchMedia is not a function'))
  await expect(orElse(failed, () => Promise.resolve())).rejects.toThrow('matchMedia')
})
