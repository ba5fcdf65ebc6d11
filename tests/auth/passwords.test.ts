import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseLogin } from '../../src/auth/login-name.ts'
import { checkNewPassword } from '../../src/auth/password-rules.ts'
import { createPasswords } from '../../src/auth/passwords.ts'
import { isToken, newToken } from '../../src/auth/secrets.ts'

const cheap = { memory: 64, passes: 1, parallelism: 1 }
const passwords = createPasswords({ concurrency: 2, cost: cheap })

test('a password is right, whatever keyboard it was typed on, and no other one is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }), async (text) => {
      const stored = await passwords.hash(text)
      expect((await passwords.verify(text.normalize('NFD'), stored)).right).toBe(!text.includes('\0'))
      expect((await passwords.verify(`${text}x`, stored)).right).toBe(false)
      expect((await passwords.verify(text, undefined)).right).toBe(false)
    }),
    { numRuns: 30 },
  )
})

test('the format is that of other programs, and a hash of a lower cost is told to be outdated', async () => {
  const stored = await passwords.hash('correct horse battery')
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  const dearer = createPasswords({ concurrency: 1, cost: { ...cheap, memory: 128 } })
  expect(await dearer.verify('correct horse battery', stored)).toEqual({ right: true, outdated: true })
  expect(await passwords.verify('correct horse battery', stored)).toEqual({ right: true, outdated: false })
})

test('as many as may wait do, the rest are refused, and the queue is empty again afterwards', async () => {
  const few = createPasswords({ concurrency: 1, waiting: 3, cost: cheap })
  const results = await Promise.allSettled(Array.from({ length: 10 }, () => few.hash('x')))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(4)
  expect(results.find((each) => each.status === 'rejected')?.reason).toMatchObject({ statusCode: 503, code: 'BUSY' })
  await expect(Promise.all([few.hash('a'), few.hash('b')])).resolves.toHaveLength(2)
})

const check = (password: string) => () => checkNewPassword(password, 12, 'ada.lovelace')

test('length is what counts in a new password', () => {
  for (const good of ['correct horse', 'пароль из слов', '🐎🔋📎🌅 twelve!', 'x y z w x y z w'])
    expect(check(good), good).not.toThrow()
  for (const bad of ['short', 'aaaaaaaaaaaaaa', 'Ada.Lovelace1', `${'x'.repeat(1025)}yz`, 'nul\0nul\0nul!', '']) {
    expect(check(bad), bad).toThrow(/password/i)
  }
})

test('every token is one, and none that differs in a character', () => {
  for (let n = 0; n < 100; n++) expect(isToken(newToken())).toBe(true)
  fc.assert(
    fc.property(fc.nat(53), fc.constantFrom('0', '9', 'a', 'z', 'A', 'Z', '_', ' '), (place, letter) => {
      const token = newToken()
      const other = token.slice(0, place) + letter + token.slice(place + 1)
      expect(isToken(other)).toBe(other === token)
    }),
  )
})

test('a name is one of its own forms, and never has anything invisible in it', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 30, unit: 'binary' }), (text) => {
      let parsed
      try {
        parsed = parseLogin(text)
      } catch {
        return
      }
      expect(parseLogin(parsed.login)).toEqual(parsed)
      expect(parsed.login).not.toMatch(/[\p{C}\p{Z}]/u)
      expect(parseLogin(parsed.login.toUpperCase()).key).toBe(parsed.key)
    }),
  )
})
