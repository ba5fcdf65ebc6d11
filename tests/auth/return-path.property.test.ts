import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { safeReturn } from '../../src/auth/return-path.ts'

const parts = [
  '/',
  '\\',
  '.',
  '..',
  '//',
  '%2f',
  '%5c',
  '@',
  ':',
  'evil.example',
  'https:',
  '\t',
  '\n',
  ' ',
  '?',
  '#',
  'a',
  '\u202e',
  '\0',
]

test('wherever one goes back to, it is this very origin', () => {
  const path = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...parts)).map((list) => list.join('')),
  )
  fc.assert(
    fc.property(path, (to) => {
      const back = safeReturn(to)
      expect(back).toMatch(/^\/(?![/\\])/)
      expect(new URL(back, 'https://aura.example.org/api/account/oidc/callback').origin).toBe(
        'https://aura.example.org',
      )
      expect(safeReturn(back)).toBe(back)
    }),
    { numRuns: 3000 },
  )
})

test.each([
  ['/', '/'],
  ['/governance?tab=roles#x', '/governance?tab=roles#x'],
  ['/a/../b', '/b'],
  ['/apiary', '/apiary'],
  ['/api', '/'],
  ['/x/../api/account', '/'],
  ['/connection/websocket', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/./\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/.//evil.example', '/'],
  ['https://evil.example/', '/'],
  ['javascript:alert(1)', '/'],
  [`/${'x'.repeat(2000)}`, '/'],
  [undefined, '/'],
])('%j leads to %j', (to, back) => {
  expect(safeReturn(to)).toBe(back)
})
