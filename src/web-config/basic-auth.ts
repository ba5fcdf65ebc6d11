import { createHmac, randomBytes } from 'node:crypto'

/** Whether an Authorization header carries a known user and password. */
export type BasicAuth = (header: string | undefined, users: Readonly<Record<string, string>>) => Promise<boolean>

// A hash of a password nobody knows: unknown users take as long as known ones.
const nobody = '$2b$10$sqm/5Rgltc8z1bKwmtx27uyhes66QtxI7ySHo.xhwCN03DX/pqzTG'
const most = 100

/**
 * Checks basic auth against bcrypt hashes. bcrypt of cost 10 takes tens of milliseconds, so verdicts are remembered
 * under a keyed digest of user, password and hash; a changed hash is a new key.
 */
export function createBasicAuth(): BasicAuth {
  const key = randomBytes(32)
  const verdicts = new Map<string, boolean>()
  return async (header, users) => {
    const [user, password] = credentials(header)
    if (user === undefined || password === undefined) return false
    const hash = Object.hasOwn(users, user) ? users[user] : undefined
    const digest = createHmac('sha256', key)
      .update(JSON.stringify([user, password, hash]))
      .digest('base64')
    const known = verdicts.get(digest)
    if (known !== undefined) return known
    const { compare } = await import('bcryptjs')
    const verdict = (await compare(password, hash ?? nobody)) && hash !== undefined
    if (verdicts.size >= most) verdicts.delete(verdicts.keys().next().value as string)
    verdicts.set(digest, verdict)
    return verdict
  }
}

function credentials(header: string | undefined): [user?: string, password?: string] {
  const [, encoded] = /^basic +([A-Za-z0-9+/=]+)$/i.exec(header ?? '') ?? []
  if (encoded === undefined) return []
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? [] : [text.slice(0, colon), text.slice(colon + 1)]
}
