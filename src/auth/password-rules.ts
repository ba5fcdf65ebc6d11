import { InvalidRequestError, RefusedError } from '../errors.ts'
import { loginKey } from './login-name.ts'

/** Longest password, bytes of UTF-8: beyond it nothing is gained, and hashing would be a way to keep us busy. */
export const longestPassword = 1024

/** The form that is hashed: the same password typed on another keyboard may arrive in another encoding. */
export const canonicalPassword = (password: string): string => password.normalize('NFKC')

/** Whether a password could be anybody's: what is not is refused before any work is done for it. */
export const plausible = (password: string): boolean =>
  password !== '' && password.length <= longestPassword && !password.includes('\0') && password.isWellFormed()

/** Throws `InvalidRequestError` saying what a new password lacks. Length counts, composition does not. */
export function checkNewPassword(password: string, minLength: number, login: string): void {
  if (!plausible(password) || Buffer.byteLength(password) > longestPassword) {
    throw new InvalidRequestError(`A password has at most ${longestPassword} bytes, and no NUL in it`)
  }
  const letters = Array.from(canonicalPassword(password))
  if (letters.length < minLength) throw new InvalidRequestError(`A password has at least ${minLength} characters`)
  if (new Set(letters).size < 4) throw new InvalidRequestError('This password is one that anybody would guess')
  if (loginKey(password).includes(loginKey(login)) && loginKey(login).length * 2 > letters.length) {
    throw new InvalidRequestError('A password is not the user name')
  }
}

/** Answered when more passwords wait to be hashed than is good for this machine. */
export const busyHashing = (): RefusedError =>
  new RefusedError(503, 'BUSY', 'Too many people sign in at this moment; try again in a few seconds', { retryAfter: 2 })
