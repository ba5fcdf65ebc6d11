import { expect, test } from 'vitest'
import { capabilities, type Capability } from '../../src/auth/capabilities.ts'
import { createDeliverer } from '../../src/auth/deliverer.ts'
import { explain } from '../../src/auth/policy/explain.ts'

const names = Object.keys(capabilities) as Capability[]

test('whoever has the token may deliver alerts and nothing else', () => {
  const caller = createDeliverer('a long secret')('a long secret', '10.0.0.7')
  expect(caller).toMatchObject({ id: 'alertmanager', proof: 'internal', ip: '10.0.0.7', credential: undefined })
  expect(names.filter((name) => caller?.may(name))).toEqual(['alerts:deliver'])
  expect(names.filter((name) => caller?.decide(name).allow)).toEqual(['alerts:deliver'])
  expect(caller?.trust()).toBe(-1)
  expect(explain(caller!.decide('role:edit'))).toContain('this token was not given that right')
})

test.each(['', 'a long secre', 'a long secret ', 'A long secret', 'ä'])('%j is not the token', (secret) => {
  expect(createDeliverer('a long secret')(secret, '127.0.0.1')).toBeUndefined()
})

test('without a token nobody is let in, not even with an empty one', () => {
  expect(createDeliverer('')('', '127.0.0.1')).toBeUndefined()
})
