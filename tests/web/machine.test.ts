import { describe, expect, it } from 'vitest'
import { backoff, drainDelay, longestDelay, shortestDelay } from '../../web/src/realtime/backoff.ts'
import { failed, top } from '../../web/src/realtime/ladder.ts'
import { initial, step, type Machine, type Signal } from '../../web/src/realtime/machine.ts'
import { createRoundTrip, readExchange } from '../../web/src/realtime/round-trip.ts'
import { readWelcome } from '../../web/src/realtime/welcome.ts'

const open: Signal = { type: 'open', transport: 'websocket' }
const lost: Signal = { type: 'lost', code: 3001, reason: 'shutdown' }
const refused: Signal = { type: 'refused', code: 3507, reason: 'permission denied' }
const after = (...signals: Signal[]): Machine =>
  signals.reduce((machine, signal, at) => step(machine, signal, at + 1), initial(0))
const stateAfter = (...signals: Signal[]): string => after(...signals).connection.state

describe('the connection', () => {
  it.each<[string, Signal[]]>([
    ['connecting', []],
    ['connecting', [lost]],
    ['live', [open]],
    ['recovering', [open, lost]],
    ['live', [open, lost, open]],
    ['offline', [open, { type: 'network', up: false }]],
    ['offline', [open, { type: 'network', up: false }, lost]],
    ['recovering', [open, { type: 'network', up: false }, lost, { type: 'network', up: true }]],
    [
      'connecting',
      [
        { type: 'network', up: false },
        { type: 'network', up: true },
      ],
    ],
    ['stale', [open, { type: 'silence' }]],
    ['live', [open, { type: 'silence' }, { type: 'data' }]],
    ['recovering', [open, { type: 'silence' }, lost]],
    ['connecting', [{ type: 'silence' }]],
    ['refused', [refused]],
    ['refused', [open, refused, { type: 'network', up: false }]],
    ['recovering', [open, refused, { type: 'retry' }]],
    ['connecting', [refused, { type: 'retry' }]],
    ['live', [open, { type: 'retry' }]],
  ])('is %s after %j', (state, signals) => {
    expect(stateAfter(...signals)).toBe(state)
  })

  it('stamps the change of state and nothing else', () => {
    expect(after(open, { type: 'data' }, open).connection).toMatchObject({ state: 'live', since: 1 })
    expect(after(open, lost).connection).toMatchObject({ since: 2, code: 3001, reason: 'shutdown' })
  })

  it('is the same object when nothing happened', () => {
    const machine = after(open)
    expect(step(machine, { type: 'data' }, 9)).toBe(machine)
  })
})

describe('what arrives', () => {
  it('is believed more than what the browser says of its network', () => {
    const data: Signal = { type: 'data' }
    const away = after(open, { type: 'network', up: false })
    const { since } = away.connection
    expect(step(away, data, since + 900).connection.state).toBe('offline')
    const proven = step(away, data, since + 1100)
    expect(proven.connection).toMatchObject({ state: 'live', transport: 'websocket' })
    expect(step(proven, { type: 'network', up: true }, since + 2000)).toBe(proven)
    // A transport that never noticed, and so does not open again.
    const back = step(away, { type: 'network', up: true }, since + 500)
    expect([back, step(back, data, since + 600)].map(({ connection }) => connection.state)).toEqual([
      'recovering',
      'live',
    ])
  })

  it('is not live before it was ever open, whatever arrives', () => {
    expect(stateAfter({ type: 'data' })).toBe('connecting')
    expect(stateAfter(refused, { type: 'data' })).toBe('refused')
  })
})

describe('the ladder', () => {
  const refusedOnce = { timedOut: false, reachable: true }

  it('goes down after two refusals or one silence, and round again', () => {
    const once = failed(top, refusedOnce)
    expect(once.transport).toBe('websocket')
    expect(failed(once, refusedOnce)).toEqual({ transport: 'sse', failures: 0 })
    expect(failed({ transport: 'sse', failures: 0 }, { timedOut: true, reachable: true }).transport).toBe('poll')
    expect(failed({ transport: 'poll', failures: 1 }, refusedOnce).transport).toBe('websocket')
  })

  it('stays where it is while the server as a whole is away', () => {
    expect(failed({ transport: 'websocket', failures: 1 }, { timedOut: true, reachable: false })).toEqual({
      transport: 'websocket',
      failures: 1,
    })
  })
})

describe('delays', () => {
  it('lie between 100 ms and 30 s, and grow', () => {
    for (let attempt = 0; attempt < 60; attempt += 1)
      for (const random of [0, 0.5, 0.999]) {
        const delay = backoff(attempt, () => random)
        expect(delay).toBeGreaterThanOrEqual(shortestDelay)
        expect(delay).toBeLessThanOrEqual(longestDelay)
      }
    expect(backoff(0, () => 1)).toBe(200)
    expect(backoff(5, () => 1)).toBe(3300)
  })

  it('after a drain lie within the window that the server names', () => {
    expect(drainDelay('drain 8000', () => 0.5)).toBe(4000)
    expect(drainDelay('drain', () => 0.5)).toBe(500)
    expect(drainDelay('drain 99999999', () => 1)).toBe(60_000)
  })
})

describe('round trips', () => {
  it('measure the line and the difference of the clocks', () => {
    const measure = createRoundTrip()
    expect(measure({ t0: 1000, t1: 6010, t2: 6015, t3: 1025 })).toEqual({ rtt: 20, clockOffset: 5000 })
  })

  it('take the difference from the quickest of the last ones', () => {
    const measure = createRoundTrip()
    measure({ t0: 0, t1: 5005, t2: 5005, t3: 10 })
    expect(measure({ t0: 0, t1: 5900, t2: 5900, t3: 1000 })).toEqual({ rtt: 1000, clockOffset: 5000 })
  })

  it('ignore an answer that is none', () => {
    expect(readExchange(0, { t1: 'x', t2: 1 }, 1)).toBeUndefined()
    expect(readExchange(0, null, 1)).toBeUndefined()
  })
})

it('reads who we are and what the server speaks', () => {
  expect(readWelcome({ contract: 3, principal: { name: 'local' } })).toEqual({ contract: 3, principal: 'local' })
  expect(readWelcome({ contract: '3', principal: 7 })).toEqual({})
  expect(readWelcome(undefined)).toEqual({})
})
