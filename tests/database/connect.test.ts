import { assert, constantFrom, property, stringMatching } from 'fast-check'
import { expect, test } from 'vitest'
import { ConfigError } from '../../src/errors.ts'
import { checkUrl, describeUrl, explainConnectError } from '../../src/database/connect.ts'

test('describes a URL without its password and options', () => {
  expect(describeUrl('postgres://aura:s%40cret@db.example:6432/aura?sslmode=require')).toBe('aura@db.example:6432/aura')
  expect(describeUrl('postgresql://me@[::1]/x')).toBe('me@[::1]:5432/x')
})

test.each(['', 'aura', 'http://a/b', 'postgres://host', 'postgres://host/', 'postgres://u:p@ss/w@host:5432/db'])(
  'refuses %j without repeating it',
  (url) => {
    expect(() => checkUrl(url)).toThrow(ConfigError)
    expect(() => checkUrl(url)).toThrow(/must read postgres:\/\/user:password@host:port\/database/)
  },
)

test('takes passwords with their special characters escaped, and unescaped where that is clear', () => {
  for (const url of [
    'postgres://u:p%40ss%2Fw@host:5432/db',
    'postgres://u:p@ss@host/db',
    'postgresql://u@host/db?sslmode=require',
  ]) {
    expect(() => checkUrl(url)).not.toThrow()
  }
})

test('no password is ever part of a message', () => {
  const secret = stringMatching(/^[A-Za-z0-9]{12,30}$/)
  assert(
    property(secret, constantFrom('28P01', '28000', '3D000', 'ECONNREFUSED', ''), (password, code) => {
      const where = describeUrl(`postgres://aura:${password}@db:5432/aura`)
      const error = Object.assign(new Error('no'), { code })
      expect(explainConnectError(error, where)).not.toContain(password)
    }),
  )
})

test.each([
  ['28P01', /refuses the password: check/],
  ['28000', /does not let this user in/],
  ['3D000', /has no such database: create it/],
  ['ECONNREFUSED', /cannot be reached \(no\)/],
])('%s: what is wrong and what to do', (code, pattern) => {
  expect(explainConnectError(Object.assign(new Error('no'), { code }), 'aura@db:5432/aura')).toMatch(pattern)
})

test('of several addresses that all refuse, the first is quoted', () => {
  const error = Object.assign(new AggregateError([new Error('connect ECONNREFUSED ::1:5432')]), {
    code: 'ECONNREFUSED',
  })
  expect(explainConnectError(error, 'aura@localhost:5432/aura')).toContain('connect ECONNREFUSED ::1:5432')
})
