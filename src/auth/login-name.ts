import { InvalidRequestError } from '../errors.ts'

/** Letters of other scripts that are drawn like Latin ones, each with what it is taken for. */
const alike = new Map(
  Object.entries({
    а: 'a', в: 'b', е: 'e', ѕ: 's', і: 'i', ї: 'i', ј: 'j', к: 'k', м: 'm', н: 'h', о: 'o', р: 'p', с: 'c', т: 't',
    у: 'y', х: 'x', һ: 'h', ԁ: 'd', ԛ: 'q', ԝ: 'w', ɡ: 'g', ɑ: 'a', ı: 'i', α: 'a', β: 'b', γ: 'y', ε: 'e', η: 'n',
    ι: 'i', κ: 'k', ν: 'v', ο: 'o', ρ: 'p', τ: 't', υ: 'u', χ: 'x', ω: 'w', ϲ: 'c', օ: 'o', ո: 'n', ս: 'u', հ: 'h',
    ԍ: 'g', ꮪ: 's', ꭰ: 'd', '0': 'o', '1': 'l',
  }),
) // prettier-ignore

const allowed = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@+-]{0,99}$/u
const latin = /\p{Script=Latin}/u
const drawnLikeLatin = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u

/** A name to sign in with, in its three forms. */
export interface LoginName {
  /** As it is shown. */
  readonly login: string
  /** Equal for names that differ in case or encoding alone; unique, and what a sign-in is looked up by. */
  readonly key: string
  /** Equal for names that look alike; unique too. */
  readonly skeleton: string
}

/** The key that a name would have, whatever was typed in; for looking it up. */
export const loginKey = (text: string): string => text.normalize('NFKC').trim().toLowerCase().normalize('NFKC')

/** Throws `InvalidRequestError` for what cannot be the name of a user: invisible characters, spaces, mixed alphabets. */
export function parseLogin(text: string): LoginName {
  const login = text.normalize('NFKC').trim()
  if (!allowed.test(login)) {
    throw new InvalidRequestError(
      'A user name has 1 to 100 letters, digits and . _ - @ +, and begins with a letter or digit',
    )
  }
  if (latin.test(login) && drawnLikeLatin.test(login)) {
    throw new InvalidRequestError('A user name keeps to one alphabet: letters of two that look alike are mixed in it')
  }
  const key = loginKey(login)
  const skeleton = Array.from(key.normalize('NFD'), (letter) => alike.get(letter) ?? letter).join('')
  return { login, key, skeleton: skeleton.replaceAll('rn', 'm').normalize('NFC') }
}
