import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/audit/canonical.ts'
import { chainHash, genesis } from '../../src/audit/chain.ts'

test('hashes as everybody else would compute them', () => {
  const first = canonicalJson({
    ts: '2026-11-01T00:00:00.000Z',
    target: 'u2',
    seq: 1,
    actor: 'u1',
    action: 'role.assign',
  })
  const one = chainHash(genesis, first)
  expect(one.toString('hex')).toBe('e7b8070f01bcd0823da0c89be233498799a8d1d53615eb08052b8abff7315605')
  const second = canonicalJson({
    action: 'model.load',
    actor: 'u2',
    seq: 2,
    target: 'llama3.2:3b',
    ts: '2026-11-01T00:00:01.000Z',
  })
  expect(chainHash(one, second).toString('hex')).toBe(
    '0ecee10b9b5a16426a2fa1ae92bc14b882b951a76be2f1d89bc7484123456bc3',
  )
})

test('canonical JSON: sorted by UTF-16 units, no spaces, nested', () => {
  expect(canonicalJson({ b: [1, { z: null, a: 'ä\n' }], a: true, '': '\u20ac' })).toBe(
    '{"":"\u20ac","a":true,"b":[1,{"a":"ä\\n","z":null}]}',
  )
})

test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d has no place in it', (number) => {
  expect(() => canonicalJson({ number })).toThrow(TypeError)
})
