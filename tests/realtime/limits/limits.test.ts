import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { builtIn } from '../../../src/auth/principal.ts'
import { createLimits, defaultLimits, type LimitOptions } from '../../../src/realtime/limits/index.ts'
import { createKeyedLimit } from '../../../src/realtime/limits/keyed.ts'
import { createSocketBooks } from '../../../src/realtime/limits/sockets.ts'

function setUp(options: Partial<LimitOptions> = {}) {
  let now = 0
  const limits = createLimits(options, () => now)
  return { limits, at: (ms: number) => void (now = ms) }
}
const peer = (address: string) => ({ kind: 'websocket' as const, peer: address })
const someone = (id: string) => ({ id, name: id, may: () => true })

describe('handshakes', () => {
  test('of one address: 50 at once, then 10 a second, the rest 429 with a time', () => {
    const { limits, at } = setUp()
    const from = (address: string, n: number) => Array.from({ length: n }, () => limits.handshake(address))
    expect(from('192.0.2.1', 50).every((refusal) => refusal === undefined)).toBe(true)
    expect(limits.handshake('192.0.2.1')).toEqual({ status: 429, retryAfter: 1 })
    expect(limits.handshake('192.0.2.2')).toBeUndefined()
    at(1000)
    expect(from('192.0.2.1', 11)).toEqual([...Array(10).fill(undefined), { status: 429, retryAfter: 1 }])
  })

  test('of all: 100 at once, then 500 a second in turn, the rest 503; loopback is held by this alone', () => {
    const { limits, at } = setUp()
    for (let i = 0; i < 100; i++) expect(limits.handshake('127.0.0.1')).toBeUndefined()
    for (let i = 1; i <= 1250; i++) expect(limits.handshake('127.0.0.1')).toEqual({ wait: i * 2 })
    expect(limits.handshake('127.0.0.1')).toEqual({ status: 503, retryAfter: 3 })
    expect(limits.handshake('192.0.2.1')).toEqual({ status: 503, retryAfter: 3 })
    at(100)
    for (let i = 1; i <= 50; i++) expect(limits.handshake('127.0.0.1')).toEqual({ wait: 2400 + i * 2 })
    expect(limits.handshake('127.0.0.1')).toMatchObject({ status: 503 })
  })

  test('one hasty address does not use up the share of all', () => {
    const { limits } = setUp()
    for (let i = 0; i < 10_000; i++) limits.handshake('192.0.2.1')
    expect(limits.handshake('192.0.2.2')).toBeUndefined()
  })

  test('any number of addresses take no more room than was given', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 500 }))), (visits) => {
        let now = 0
        const limit = createKeyedLimit({ rate: 1, burst: 2 }, 8, () => now)
        for (const [key, pass] of visits) {
          now += pass
          limit.take(String(key))
          expect(limit.size).toBeLessThanOrEqual(8)
        }
      }),
    )
  })

  test('an address in sight is not forgotten to make room', () => {
    const limit = createKeyedLimit({ rate: 0.001, burst: 1 }, 3, () => 0)
    expect(limit.take('a')).toBeUndefined()
    for (const other of ['b', 'c', 'd', 'e', 'f']) {
      limit.take(other)
      expect(limit.take('a')).toBeGreaterThan(0)
    }
  })
})

describe('connections', () => {
  const sockets = { total: 30, perPrincipal: 5, perAddress: 8 }
  test('5 of a principal, then 3504; room again when one goes, released once', () => {
    const { limits } = setUp({ sockets })
    const open = () => limits.admit(someone('ada'), { kind: 'websocket', peer: '192.0.2.1' })
    const first = open()
    for (let i = 0; i < 4; i++) expect(open()).toHaveProperty('release')
    expect(open()).toEqual({ code: 3504, reason: 'connection limit' })
    if ('release' in first) {
      first.release()
      first.release()
    }
    expect(open()).toHaveProperty('release')
    expect(open()).toHaveProperty('code', 3504)
  })

  test('of an address, whoever it is; the built-in principal on loopback is held by the total', () => {
    const { limits } = setUp({ sockets })
    for (let i = 0; i < 8; i++) expect(limits.admit(someone(`u${i}`), peer('192.0.2.1'))).toHaveProperty('release')
    expect(limits.admit(someone('u9'), peer('192.0.2.1'))).toHaveProperty('code', 3504)
    for (let i = 0; i < 22; i++) expect(limits.admit(builtIn, peer('127.0.0.1'))).toHaveProperty('release')
    expect(limits.admit(builtIn, peer('127.0.0.1'))).toHaveProperty('code', 3504)
    expect(limits.sockets).toBe(30)
  })

  test('subscriptions are limited to 64', () => {
    expect(setUp().limits.admit(builtIn, { kind: 'sse', peer: '::1' })).toHaveProperty('maxSubscriptions', 64)
    expect(defaultLimits.command).toMatchObject({ rate: 20, burst: 60, strikes: 3, strikeWindow: 10_000 })
  })

  test('after any openings and closings the books hold what is open, and return to zero', () => {
    const visit = fc.record({ who: fc.nat(4), where: fc.nat(4), close: fc.nat(20), closeFirst: fc.boolean() })
    fc.assert(
      fc.property(fc.array(visit), (visits) => {
        const books = createSocketBooks({ total: 9, perPrincipal: 3, perAddress: 4 }, (key) => key === 'p0')
        const open: { release: () => void; who: string; where: string }[] = []
        for (const { who, where, close, closeFirst } of visits) {
          if (closeFirst) open.splice(close, 1).forEach(({ release }) => release())
          const [principal, address] = [`p${who}`, `a${where}`]
          const mine = open.filter((each) => each.who === principal).length
          const here = open.filter((each) => each.where === address).length
          const release = books.open(principal, address)
          const room = open.length < 9 && (principal === 'p0' || mine < 3) && here < 4
          expect(release !== undefined).toBe(room)
          if (release !== undefined) open.push({ release, who: principal, where: address })
          expect(books.total).toBe(open.length)
        }
        for (const { release } of open) release()
        expect([books.total, books.keys]).toEqual([0, 0])
      }),
    )
  })
})
