import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { StartError } from '../../errors.ts'

/** The operating system's user that the server runs as, when Aura itself is root: PostgreSQL refuses uid 0. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Users of /etc/passwd by name. */
export function parsePasswd(text: string): Map<string, Account> {
  const accounts = new Map<string, Account>()
  for (const line of text.split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (name === undefined || gid === undefined || uid === '' || gid === '') continue
    accounts.set(name, { name, uid: Number(uid), gid: Number(gid) })
  }
  return accounts
}

// initdb looks its user up by uid, so a bare number without an entry will not do. `nobody` is on every system.
const candidates = ['postgres', 'nobody']

function chooseAccount(users: ReadonlyMap<string, Account>): Account {
  for (const name of candidates) {
    const account = users.get(name)
    if (account !== undefined && account.uid !== 0) return account
  }
  throw new StartError(
    'PostgreSQL does not run as root, and there is neither a user postgres nor nobody: create one, start Aura as an ordinary user, or set AURA_DATABASE_URL',
  )
}

/**
 * Whom to run the server as: undefined = whoever runs Aura. As root it is the owner of existing data, else
 * `postgres`, else `nobody`.
 */
export function serverAccount(dataDirectory: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = parsePasswd(readFileSync('/etc/passwd', 'utf8'))
  const owner = statSync(dataDirectory, { throwIfNoEntry: false })
  if (owner === undefined) return chooseAccount(users)
  if (owner.uid === 0) {
    const { name } = chooseAccount(users)
    throw new StartError(
      `${dataDirectory} belongs to root, and PostgreSQL does not run as root: chown -R ${name} ${dataDirectory}`,
    )
  }
  const known = [...users.values()].find(({ uid }) => uid === owner.uid)
  return { name: known?.name ?? String(owner.uid), uid: owner.uid, gid: owner.gid }
}

/** Whether that user can run this program: the only test that knows about ACLs, mount options and shared libraries. */
export function canRun(program: string, args: readonly string[], account: Account | undefined): boolean {
  const { status, error } = spawnSync(program, args, {
    cwd: '/',
    env: { LC_ALL: 'C' },
    stdio: 'ignore',
    ...(account && { uid: account.uid, gid: account.gid }),
  })
  if (
    account !== undefined &&
    error !== undefined &&
    'code' in error &&
    (error.code === 'EPERM' || error.code === 'EINVAL')
  ) {
    throw new StartError(
      `PostgreSQL does not run as root, and this root may not become user ${account.name} (a container without the SETUID and SETGID capabilities?): start Aura as an ordinary user, or set AURA_DATABASE_URL`,
      { cause: error },
    )
  }
  return status === 0
}

/** Whether that user can get into this directory. */
export function canEnter(directory: string, account: Account): boolean {
  return canRun('/bin/sh', ['-c', 'cd "$1" 2>/dev/null', 'sh', directory], account)
}
