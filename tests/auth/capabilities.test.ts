import { expect, test } from 'vitest'
import { capabilities, isCapability } from '../../src/auth/capabilities.ts'
import { builtIn, principalAt } from '../../src/auth/principal.ts'

test('the built-in principal holds every capability on the list and no other', () => {
  for (const capability of Object.keys(capabilities)) expect(builtIn.may(capability), capability).toBe(true)
  for (const name of ['', 'system', 'system:write', 'toString', '__proto__', 'constructor', 'SYSTEM:READ', '*']) {
    expect(builtIn.may(name), name).toBe(false)
    expect(isCapability(name), name).toBe(false)
  }
})

test('every capability is resource:action and says what it is for', () => {
  for (const [name, text] of Object.entries(capabilities)) {
    expect(name).toMatch(/^[a-z]+:[a-z]+$/)
    expect(text).toMatch(/^[A-Z].{10,}\.$/)
  }
})

test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '127.1.2.3'])('%s is this machine', (address) => {
  expect(principalAt(address)).toBe(builtIn)
})

test.each([undefined, '', '10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1', 'fe80::1%lo'])('%s is not', (address) => {
  expect(principalAt(address)).toBeUndefined()
})
