import { expect, it } from 'vitest'
import { endingSoon } from '../../../web/src/account/expiry.ts'
import { readRefusal, withQuery } from '../../../web/src/account/request.ts'
import { returnPath, signInPath, tokenOf } from '../../../web/src/account/return-path.ts'
import { waitText } from '../../../web/src/account/wait-text.ts'
import { agentName } from '../../../web/src/features/account/agent-name.ts'

it('leads back to a path of this console and nowhere else', () => {
  expect(returnPath('/governance/audit?q=x')).toBe('/governance/audit?q=x')
  for (const bad of [
    undefined,
    '',
    'models',
    '//evil.example',
    '/\\evil.example',
    '/a\\b',
    '/\t/evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/sign-in?to=/sign-in',
  ]) {
    expect(returnPath(bad), String(bad)).toBe('/')
  }
  expect(signInPath('/models?x=1')).toBe('/sign-in?to=%2Fmodels%3Fx%3D1')
  expect(signInPath('/')).toBe('/sign-in')
  expect(signInPath('/sign-in?to=/x')).toBe('/sign-in')
})

it('finds the secret behind a link', () => {
  expect(tokenOf('#token=abc-_1')).toBe('abc-_1')
  expect(tokenOf('#other=1')).toBeUndefined()
  expect(tokenOf('#token=')).toBeUndefined()
})

it('reads a refusal, whatever the answer looks like', () => {
  const full = { error: { code: 'TOO_MANY_TRIES', message: 'Too often', retryAfter: 3 } }
  expect(readRefusal(429, full, '7')).toMatchObject({ status: 429, code: 'TOO_MANY_TRIES', retryAfter: 7 })
  expect(readRefusal(429, full, null).retryAfter).toBe(3)
  for (const body of [undefined, null, 'text', { error: 'x' }, { error: { code: 5 } }]) {
    expect(readRefusal(502, body, null)).toMatchObject({ code: 'FAILED', message: 'The server answered 502' })
  }
  expect(waitText(0.2)).toBe(' Try again in 1\u{a0}s.')
  expect(waitText(undefined)).toBe('')
})

it('leaves out of an address what is not given', () => {
  expect(withQuery('/x', { a: undefined, b: '', c: 0, d: true })).toBe('/x?c=0&d=true')
  expect(withQuery('/x', {})).toBe('/x')
})

const at = (now: number, contact = 0) =>
  endingSoon({ expiresAt: 10_000_000, idleUntil: 5_000_000 }, { readAt: 0, contact, now })

it('warns ten minutes before a session ends, and says whether using it helps', () => {
  expect(at(0)).toBeUndefined()
  expect(at(4_500_000)).toEqual({ at: 5_000_000, idle: true })
  expect(at(4_500_000, 4_000_000)).toBeUndefined()
  expect(at(9_500_000, 9_400_000)).toEqual({ at: 10_000_000, idle: false })
  expect(endingSoon(undefined, { readAt: 0, contact: 0, now: 1 })).toBeUndefined()
  expect(endingSoon({}, { readAt: 0, contact: 0, now: 1 })).toBeUndefined()
})

it('calls browsers by name', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36'
  expect(agentName(chrome)).toBe('Chromium on Linux')
  expect(agentName(`${chrome} Edg/140.0`)).toBe('Edge on Linux')
  expect(agentName('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19 Safari/604.1')).toBe(
    'Safari on iOS',
  )
  expect(agentName('curl/8')).toBe('curl/8')
  expect(agentName('')).toBe('unknown')
})
