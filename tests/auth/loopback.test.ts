import { expect, test } from 'vitest'
import { isLoopback, refuseOpenBind } from '../../src/auth/loopback.ts'
import { StartError } from '../../src/errors.ts'

test.each(['127.0.0.1', '127.9.9.9', 'localhost', 'LOCALHOST', '::1', '[::1]', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'])(
  '%s is loopback',
  (host) => {
    expect(isLoopback(host)).toBe(true)
    expect(() => refuseOpenBind(host)).not.toThrow()
  },
)

test.each([
  '0.0.0.0',
  '::',
  '',
  '192.168.1.5',
  '128.0.0.1',
  '127.0.0.1.evil.example',
  '127.0.0',
  'localhost.evil.example',
  'aura.example',
  '::2',
  '::ffff:8.8.8.8',
])('%s is refused in one line that says what to do', (host) => {
  expect(isLoopback(host)).toBe(false)
  expect(() => refuseOpenBind(host)).toThrow(StartError)
  expect(() => refuseOpenBind(host)).toThrow(/^server\.host is .*127\.0\.0\.1[^\n]*$/)
})
