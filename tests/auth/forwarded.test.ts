import { expect, test } from 'vitest'
import { farthest } from '../../src/auth/forwarded.ts'

test.each([
  [undefined, '127.0.0.1'],
  ['', '127.0.0.1'],
  ['127.0.0.1', '127.0.0.1'],
  ['::1, ::ffff:127.0.0.1', '127.0.0.1'],
  ['192.0.2.7', '192.0.2.7'],
  ['127.0.0.1, 192.0.2.7', '192.0.2.7'],
  ['nonsense', 'nonsense'],
  [['127.0.0.1', '2001:db8::1'], '2001:db8::1'],
])('a request that came by %j came from %s', (forwarded, address) => {
  expect(farthest('127.0.0.1', forwarded)).toBe(address)
})
