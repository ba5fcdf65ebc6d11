import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runFeature } from '../../src/features/run.ts'
import { recordingLogger } from '../support/logger.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }))
afterEach(() => vi.useRealTimers())

const clock = { now: () => Date.now(), monotonic: () => performance.now() }

function start(tick: () => Promise<void>, listening: () => boolean, onNews?: (wake: () => void) => void) {
  const log = recordingLogger()
  const stop = new AbortController()
  const topic = { name: 't', class: 'state', capability: 'system:read' } as const
  const publisher = { publish: () => undefined, listeners: () => (listening() ? 1 : 0) }
  const feature = { topic, interval: 2000, rest: 10_000, tick, ...(onNews && { onNews }) }
  const done = runFeature(feature, { publisher, clock, log }, stop.signal)
  return { log, stop, done }
}

test('ticks at once and at the interval while somebody listens, rarely while nobody does, and ends at once', async () => {
  let listening = false
  const ticks: number[] = []
  const began = performance.now()
  const { stop, done } = start(
    async () => void ticks.push(Math.round(performance.now() - began)),
    () => listening,
  )
  await vi.advanceTimersByTimeAsync(21_000)
  expect(ticks).toEqual([0, 10_000, 20_000])
  listening = true
  await vi.advanceTimersByTimeAsync(4000)
  expect(ticks.slice(3)).toEqual([22_000, 24_000])
  stop.abort()
  await done
  expect(vi.getTimerCount()).toBe(0)
})

test('news is told at once, a flood of it four times a second, and nothing is forgotten', async () => {
  const ticks: number[] = []
  const began = performance.now()
  let wake: (() => void) | undefined
  const { stop, done } = start(
    async () => void ticks.push(Math.round(performance.now() - began)),
    () => false,
    (listener) => void (wake = listener),
  )
  await vi.advanceTimersByTimeAsync(3000)
  wake?.()
  await vi.advanceTimersByTimeAsync(1000)
  expect(ticks).toEqual([0, 3000])
  for (let i = 0; i < 10; i++) {
    wake?.()
    await vi.advanceTimersByTimeAsync(50)
  }
  await vi.advanceTimersByTimeAsync(5000)
  expect(ticks.slice(2)).toEqual([4000, 4250, 4500])
  stop.abort()
  await done
  expect(vi.getTimerCount()).toBe(0)
})

test('never two ticks at once: a slow one delays the next', async () => {
  let running = 0
  let most = 0
  const { stop, done } = start(
    async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => {
        setTimeout(resolve, 5000)
      })
      running--
    },
    () => true,
  )
  await vi.advanceTimersByTimeAsync(30_000)
  expect(most).toBe(1)
  stop.abort()
  await vi.advanceTimersByTimeAsync(5000)
  await done
})

test('one line when ticks begin to fail, one when they work again', async () => {
  let fails = true
  const { log, stop, done } = start(
    async () => {
      if (fails) throw new Error('broken')
    },
    () => true,
  )
  await vi.advanceTimersByTimeAsync(9000)
  fails = false
  await vi.advanceTimersByTimeAsync(9000)
  expect(log.lines.map(({ level, message }) => [level, message])).toEqual([
    ['warn', 'live readings fail: broken'],
    ['info', 'live readings work again'],
  ])
  stop.abort()
  await done
})
