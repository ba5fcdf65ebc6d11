import { parseArgs } from 'node:util'
import { userByLogin } from '../auth/users.ts'
import { loadConfig } from '../config/load.ts'
import { ConfigError, StartError } from '../errors.ts'
import { parseDuration } from '../lib/duration.ts'
import { withIdentity, type AtHand, type IdentityCommandDeps } from './with-identity.ts'

const usage = `Usage: aura token create NAME --user LOGIN [--scope RIGHT]... [--expires 90d]
       aura token list [--user LOGIN]
       aura token revoke ID

  create   an API token, printed once: Authorization: Bearer aura_…
           It may do what its user may, narrowed to the scopes if any are given; it expires after 90 days unless said.
           --expires never: it does not.
  list     all of them, or those of one user
  revoke   ends one

Works whether Aura runs or not; a running one notices within five seconds. Options of every command: --config FILE`

const options = {
  config: { type: 'string' },
  user: { type: 'string' },
  scope: { type: 'string', multiple: true },
  expires: { type: 'string', default: '90d' },
} as const

interface Wish {
  readonly name: string
  readonly user: string | undefined
  readonly scopes: readonly string[] | undefined
  readonly expires: string
}

type Act = (atHand: AtHand, wish: Wish) => Promise<string>

async function idOf({ db }: AtHand, login: string | undefined): Promise<string> {
  if (login === undefined) throw new ConfigError('say whose: --user LOGIN')
  const user = await userByLogin(db, login)
  if (user === undefined) throw new StartError(`there is no user ${JSON.stringify(login)}; see aura user list`)
  return user.id
}

function expiryOf(expires: string): number | undefined {
  if (expires === 'never') return undefined
  if (!/^[0-9]{1,6}(m|h|d)$/.test(expires)) throw new ConfigError('--expires takes a time such as 90d or 12h, or never')
  return Date.now() + parseDuration(expires)
}

const day = (time: number | undefined): string =>
  time === undefined ? 'never' : new Date(time).toISOString().slice(0, 10)

async function list(atHand: AtHand, { user }: Wish): Promise<string> {
  const lines: string[] = []
  const id = user === undefined ? undefined : await idOf(atHand, user)
  for (let after: string | undefined; ;) {
    const page = await atHand.identity.accounts.tokens({ user: id, limit: 200, after })
    for (const token of page.tokens) {
      const scopes = token.scopes?.join(',') ?? 'all its user may'
      const times = `expires ${day(token.expiresAt)}\tlast used ${day(token.lastUsedAt)}`
      lines.push(`${token.id}\t${token.name}\t${token.user}\t${scopes}\t${times}`)
    }
    after = page.next
    if (after === undefined) return lines.length === 0 ? 'there are no tokens' : lines.join('\n')
  }
}

const acts: Record<string, Act> = {
  async create(atHand, { name, user, scopes, expires }) {
    const { identity, caller } = atHand
    const wish = { userId: await idOf(atHand, user), name, scopes, expiresAt: expiryOf(expires) }
    const { secret } = await identity.accounts.createToken(caller, wish)
    return secret
  },
  list,
  async revoke({ identity, caller }, { name }) {
    await identity.accounts.revokeToken(caller, name)
    return `token ${name} has ended`
  },
}

async function run(args: readonly string[], deps: IdentityCommandDeps): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const [verb = '', name = '', ...more] = positionals
  const act = Object.hasOwn(acts, verb) ? acts[verb] : undefined
  if (act === undefined || more.length > 0 || (name === '') !== (verb === 'list')) throw new ConfigError(usage)
  const { config } = await loadConfig(values.config, process.env)
  const wish = { name, user: values.user, scopes: values.scope, expires: values.expires }
  console.log(await withIdentity(config, deps, (atHand) => act(atHand, wish)))
  return 0
}

/** `aura token`. */
export const tokenCommand = (deps: IdentityCommandDeps) => ({
  usage,
  run: (args: readonly string[]): Promise<number> => run(args, deps),
})
