import { describe, expect, it } from 'vitest'
import {
  current,
  nothingYet,
  patience,
  pauseAfter,
  remember,
  type Memory,
  type Outcome,
  type State,
} from '../../../src/exporters/gpu/state.ts'

const timing = { interval: 5000, maxAge: 15_000, idle: 120_000, recheck: 60_000 }
const good: Outcome<string> = { reading: 'values' }
const bad = (state: Exclude<State, 'ok'>): Outcome<string> => ({ fault: { state, reason: state, message: state } })
const after = (...outcomes: Outcome<string>[]): Memory<string> =>
  outcomes.reduce(
    (memory: Memory<string>, outcome, i) => remember(memory, outcome, i * 5000, i * 5000 + 10),
    nothingYet,
  )

describe('the last good values', () => {
  it.each(['hung', 'garbage'] as const)('outlive a poll that was %s, until they are too old', (state) => {
    const memory = after(good, bad(state))
    expect(current(memory, 5010, 15_000)).toEqual({ reading: 'values', age: 5000 })
    expect(current(memory, 15_011, 15_000)).toBeUndefined()
  })

  it.each(['absent', 'driver_error', 'permission'] as const)('go at once when the answer is %s', (state) => {
    expect(current(after(good, bad(state)), 5010, 15_000)).toBeUndefined()
  })
})

it('backs off while polls keep failing, and forgets that at the first good one', () => {
  const pauses = [1, 2, 3, 4, 5, 6].map((n) => pauseAfter(after(...Array(n).fill(bad('hung'))), 5000))
  expect(pauses).toEqual([5000, 10_000, 20_000, 40_000, 60_000, 60_000])
  expect(pauseAfter(after(bad('hung'), bad('hung'), good), 5000)).toBe(5000)
})

describe('a scrape', () => {
  it('waits for the first poll', () => expect(patience(nothingYet, timing, 0, false)).toBe(2000))
  it('waits again when all that is known is old', () => expect(patience(after(good), timing, 60_000, false)).toBe(2000))
  it('does not wait while values are fresh', () => expect(patience(after(good), timing, 9000, true)).toBeUndefined())
  it('tries a failing source anew, and waits but shortly', () =>
    expect(patience(after(bad('hung')), timing, 5010, false)).toBe(1000))
  it('does not wait for a source that fails right now', () => {
    expect(patience(after(bad('hung')), timing, 5010, true)).toBeUndefined()
    expect(patience(after(bad('hung')), timing, 4000, false)).toBeUndefined()
  })
  it('looks for an absent GPU once a minute', () => {
    expect(patience(after(bad('absent')), timing, 59_000, false)).toBeUndefined()
    expect(patience(after(bad('absent')), timing, 60_010, false)).toBe(2000)
  })
})
