import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runFeature } from '../../src/features/run.ts'
import { recordingLogger } from '../support/logger.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }))
afterEach(() => vi.useRealTimers())

const clock = { now: () => Date.now(), monotonic: () => performance.now() }

function start(tick: () => Promise<void>, listening: () => boolean) {
  const log = recordingLogger()
  const stop = new AbortController()
  const topic = { name: 't', class: 'state', capability: 'system:read' } as const
  const publisher = { publish: () => undefined, listeners: () => (listening() ? 1 : 0) }
  const done = runFeature({ topic, interval: 2000, rest: 10_000, tick }, { publisher, clock, log }, stop.signal)
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
