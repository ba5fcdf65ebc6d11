import { parseArgs } from 'node:util'
import { userByLogin } from '../auth/users.ts'
import { loadConfig } from '../config/load.ts'
import { ConfigError, StartError } from '../errors.ts'
import { askPassword } from './ask-password.ts'
import { withIdentity, type AtHand, type IdentityCommandDeps } from './with-identity.ts'

const usage = `Usage: aura user create NAME [--role ROLE]... [--name TEXT] [--email ADDRESS]
       aura user list
       aura user lock|unlock|password NAME

  create     an account; asks for its password, or takes the first line of standard input
  list       everybody, with state and roles
  lock       ends every session and token of a user, who cannot sign in until unlocked
  password   another password, for somebody who forgot theirs; ends every session

Works whether Aura runs or not; a running one notices within five seconds. Options of every command: --config FILE`

const options = {
  config: { type: 'string' },
  role: { type: 'string', multiple: true },
  name: { type: 'string' },
  email: { type: 'string' },
} as const

interface Wish {
  readonly login: string
  readonly roles: readonly string[]
  readonly name: string | undefined
  readonly email: string | undefined
}

type Act = (atHand: AtHand, wish: Wish) => Promise<string>

async function idOf({ db }: AtHand, login: string): Promise<string> {
  const user = await userByLogin(db, login)
  if (user === undefined) throw new StartError(`there is no user ${JSON.stringify(login)}; see aura user list`)
  return user.id
}

async function list({ identity, policy }: AtHand): Promise<string> {
  const lines: string[] = []
  for (let after: string | undefined; ;) {
    const page = await identity.accounts.users({ limit: 200, after })
    for (const { id, login = '(erased)', state, name } of page.users) {
      lines.push([login, state, policy.compiled().rolesOf(id, Date.now()).join(','), name].join('\t'))
    }
    after = page.next
    if (after === undefined) return lines.length === 0 ? 'there are no users yet' : lines.join('\n')
  }
}

const acts: Record<string, Act> = {
  async create({ identity, policy, caller }, { login, roles, name = login, email }) {
    const known = policy.compiled().policy.roles.map(({ id }) => id)
    const unknown = roles.find((role) => !known.includes(role))
    if (unknown !== undefined) throw new StartError(`there is no role ${unknown}; there are ${known.join(', ')}`)
    const password = await askPassword(login)
    const user = await identity.accounts.createActive(caller, { login, name, email }, password, roles)
    return `user ${user.login ?? login} was created${roles.length > 0 ? ` as ${roles.join(', ')}` : ', without a role'}`
  },
  list,
  async lock(atHand, { login }) {
    await atHand.identity.accounts.lock(atHand.caller, await idOf(atHand, login))
    return `user ${login} is locked; every session and token has ended`
  },
  async unlock(atHand, { login }) {
    await atHand.identity.accounts.unlock(atHand.caller, await idOf(atHand, login))
    return `user ${login} may sign in again`
  },
  async password(atHand, { login }) {
    const id = await idOf(atHand, login)
    await atHand.identity.accounts.resetPassword(atHand.caller, id, await askPassword(login))
    return `user ${login} has another password; every session has ended`
  },
}

async function run(args: readonly string[], deps: IdentityCommandDeps): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const [verb = '', login = '', ...more] = positionals
  const act = Object.hasOwn(acts, verb) ? acts[verb] : undefined
  if (act === undefined || more.length > 0 || (login === '') !== (verb === 'list')) throw new ConfigError(usage)
  const { config } = await loadConfig(values.config, process.env)
  const wish = { login, roles: values.role ?? [], name: values.name, email: values.email }
  console.log(await withIdentity(config, deps, (atHand) => act(atHand, wish)))
  return 0
}

/** `aura user`. */
export const userCommand = (deps: IdentityCommandDeps) => ({
  usage,
  run: (args: readonly string[]): Promise<number> => run(args, deps),
})
