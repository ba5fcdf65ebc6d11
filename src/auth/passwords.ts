import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto'
import { promisify } from 'node:util'
import { busyHashing, canonicalPassword, plausible } from './password-rules.ts'

/** Cost of a hash: memory in KiB, passes over it, lanes. */
export interface HashCost {
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

/** OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane. */
export const standardCost: HashCost = { memory: 19_456, passes: 2, parallelism: 1 }

export interface Verdict {
  readonly right: boolean
  /** The hash was made at a lower cost than today's: make a new one while the password is at hand. */
  readonly outdated: boolean
}

export interface Passwords {
  /** In the PHC string format: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
  hash(password: string): Promise<string>
  /** Without a stored hash it takes as long and is never right, so that nobody learns which users there are. */
  verify(password: string, stored: string | undefined): Promise<Verdict>
}

const derive = promisify<'argon2id', Argon2Parameters, Buffer>(argon2)

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

const encode = ({ memory, passes, parallelism }: HashCost, salt: Buffer, tag: Buffer): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`

function decode(stored: string) {
  const [, m, t, p, salt = '', tag = ''] =
    /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(stored) ?? []
  if (m === undefined) throw new Error('a stored password hash is damaged')
  const cost: HashCost = { memory: Number(m), passes: Number(t), parallelism: Number(p) }
  return { cost, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') }
}

function compute(password: string, nonce: Buffer, cost: HashCost, tagLength: number): Promise<Buffer> {
  return derive('argon2id', { message: Buffer.from(canonicalPassword(password)), nonce, tagLength, ...cost })
}

/** At most `concurrency` at once and `waiting` behind them; whatever comes beyond is refused with 503. */
function createQueue(concurrency: number, waiting: number) {
  let running = 0
  const line: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= concurrency) {
      if (line.length >= waiting) throw busyHashing()
      // Whoever finishes hands its place over, so that nobody slips in between.
      await new Promise<void>((resolve) => void line.push(resolve))
    } else running++
    try {
      return await work()
    } finally {
      const next = line.shift()
      if (next === undefined) running--
      else next()
    }
  }
}

export interface PasswordOptions {
  readonly concurrency: number
  /** How many may wait behind those; 64 unless said. */
  readonly waiting?: number
  readonly cost?: HashCost
}

/** Hashing of passwords with argon2id, bounded in memory and in how many wait. */
export function createPasswords({ concurrency, waiting = 64, cost = standardCost }: PasswordOptions): Passwords {
  const inTurn = createQueue(concurrency, waiting)
  const dummy = encode(cost, randomBytes(16), randomBytes(32))
  return {
    async hash(password) {
      const salt = randomBytes(16)
      return encode(cost, salt, await inTurn(() => compute(password, salt, cost, 32)))
    },
    async verify(password, stored) {
      // Nobody has such a password, and no work is done for it; a megabyte of it least of all.
      if (!plausible(password)) return { right: false, outdated: false }
      const { cost: used, salt, tag } = decode(stored ?? dummy)
      const computed = await inTurn(() => compute(password, salt, used, tag.length))
      const right = timingSafeEqual(computed, tag) && stored !== undefined
      return { right, outdated: used.memory < cost.memory || used.passes < cost.passes }
    },
  }
}
