import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostAllowed, originAllowed, type Provenance } from '../../src/auth/origin.ts'

const configured = new Set(['https://aura.example'])
const request = (more: Partial<Provenance>): Provenance => ({
  method: 'GET',
  host: 'localhost:8080',
  origin: undefined,
  fetchSite: undefined,
  fetchMode: undefined,
  upgrade: false,
  encrypted: false,
  loopback: true,
  ...more,
})
const allowed = (more: Partial<Provenance>): boolean => originAllowed(request(more), configured)

describe('with an Origin', () => {
  test('our own and the configured ones', () => {
    expect(allowed({ origin: 'http://localhost:8080', upgrade: true })).toBe(true)
    expect(allowed({ origin: 'http://[::1]:8080', host: '[::1]:8080' })).toBe(true)
    expect(allowed({ origin: 'https://localhost:8080', encrypted: true })).toBe(true)
    expect(allowed({ origin: 'https://aura.example', method: 'POST' })).toBe(true)
  })
  test.each([
    'http://localhost:8081',
    'http://localhost',
    'https://localhost:8080',
    'http://127.0.0.1:8080',
    'http://aura.example',
    'https://aura.example.evil.example',
    'https://aura.example:444',
    'http://localhost:8080.evil.example',
    'null',
    '',
  ])('%s is foreign', (origin) => {
    for (const method of ['GET', 'POST']) {
      expect(allowed({ origin, method, fetchSite: 'same-origin', fetchMode: 'navigate' })).toBe(false)
    }
  })
  test('for any other origin the answer is no', () => {
    fc.assert(
      fc.property(fc.webUrl(), fc.boolean(), (url, upgrade) => {
        const { origin } = new URL(url)
        expect(allowed({ origin, upgrade })).toBe(origin === 'http://localhost:8080' || configured.has(origin))
      }),
    )
  })
})

describe('without an Origin', () => {
  test('a browser is let in from our own pages, and where a link is followed', () => {
    expect(allowed({ fetchSite: 'same-origin', fetchMode: 'cors' })).toBe(true)
    expect(allowed({ fetchSite: 'none', fetchMode: 'navigate' })).toBe(true)
    expect(allowed({ fetchSite: 'cross-site', fetchMode: 'navigate' })).toBe(true)
  })
  test('a foreign page may not embed, fetch, post or connect', () => {
    for (const fetchSite of ['cross-site', 'same-site', 'nonsense']) {
      expect(allowed({ fetchSite, fetchMode: 'no-cors' })).toBe(false)
      expect(allowed({ fetchSite, fetchMode: 'cors' })).toBe(false)
      expect(allowed({ fetchSite, fetchMode: 'navigate', method: 'POST' })).toBe(false)
      expect(allowed({ fetchSite, fetchMode: 'navigate', upgrade: true })).toBe(false)
    }
  })
  test('a program is let in on this machine only', () => {
    expect(allowed({ upgrade: true })).toBe(true)
    expect(allowed({ upgrade: true, loopback: false })).toBe(false)
  })
})

describe('the Host header', () => {
  const names = new Set(['aura.example'])
  test.each(['localhost', 'localhost:8080', 'LocalHost:1', '127.0.0.1:8080', '[::1]:8080', '[::1]', 'aura.example'])(
    '%s is ours',
    (host) => expect(hostAllowed(host, names)).toBe(true),
  )
  test.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    'localhost:8080@evil.example',
    'localhost:8080; script-src *',
    'localhost, evil.example',
    '[::1',
    '[::1]evil.example',
    'aura.example.',
    'a'.repeat(300),
  ])('%s is not', (host) => expect(hostAllowed(host, names)).toBe(false))
})
