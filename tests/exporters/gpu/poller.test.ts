import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createPoller } from '../../../src/exporters/gpu/poller.ts'
import type { Outcome } from '../../../src/exporters/gpu/state.ts'

const timing = { interval: 5000, maxAge: 15_000, idle: 120_000, recheck: 60_000 }

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('does nothing before the first question, and ends when the questions cease', async () => {
  const poll = vi.fn<() => Promise<Outcome<string>>>(() => Promise.resolve({ reading: 'values' }))
  const poller = createPoller(poll, timing)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(poll).not.toHaveBeenCalled()
  expect((await poller.ask()).state).toBe('ok')
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(poll.mock.calls.length).toBe(24)
  expect(vi.getTimerCount()).toBe(0)
  const memory = await poller.ask()
  expect([poll.mock.calls.length, Date.now() - memory.at]).toEqual([25, 0])
  await poller.stop()
})

it('has one poll in flight, whatever is asked, and lets nobody wait longer than two seconds for it', async () => {
  const poll = vi.fn<() => Promise<Outcome<string>>>(() => new Promise(() => undefined))
  const poller = createPoller(poll, timing)
  for (let i = 0; i < 5; i++) {
    const began = Date.now()
    const answers = Promise.all([poller.ask(), poller.ask()])
    await vi.advanceTimersByTimeAsync(2000)
    expect((await answers).map(({ state }) => state)).toEqual([undefined, undefined])
    expect(Date.now() - began).toBe(2000)
  }
  expect(poll).toHaveBeenCalledTimes(1)
})

it('has no timer while there is no GPU', async () => {
  const fault = { state: 'absent', reason: 'not_found', message: 'none' } as const
  const poll = vi.fn<() => Promise<Outcome<string>>>(() => Promise.resolve({ fault }))
  const poller = createPoller(poll, timing)
  for (let second = 0; second < 300; second += 15) {
    await poller.ask()
    expect(vi.getTimerCount()).toBe(0)
    await vi.advanceTimersByTimeAsync(15_000)
  }
  expect(poll).toHaveBeenCalledTimes(5)
})

it('aborts the poll in flight when it is stopped, and begins no other', async () => {
  let signal: AbortSignal | undefined
  const poller = createPoller<string>((given) => {
    signal = given
    return new Promise((resolve) => {
      const fault = { state: 'hung', reason: 'timeout', message: 'stopped' } as const
      given.addEventListener('abort', () => resolve({ fault }))
    })
  }, timing)
  const answer = poller.ask()
  await vi.advanceTimersByTimeAsync(100)
  await poller.stop()
  expect(signal?.aborted).toBe(true)
  expect((await answer).state).toBe('hung')
  expect((await poller.ask()).state).toBe('hung')
  expect(vi.getTimerCount()).toBe(0)
})

it('tells a fault of its own as one, and goes on', async () => {
  let broken = true
  const poller = createPoller<string>(
    () => (broken ? Promise.reject(new Error('a bug')) : Promise.resolve({ reading: 'values' })),
    timing,
  )
  expect((await poller.ask()).fault).toMatchObject({ reason: 'unexpected', message: 'a bug' })
  broken = false
  await vi.advanceTimersByTimeAsync(5000)
  expect((await poller.ask()).state).toBe('ok')
  await poller.stop()
})
