import { StartError } from '../../errors.ts'
import { runChild } from '../../children/run-child.ts'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import { createCredentials, writeCredentials, type Credentials } from './credentials.ts'
import { explainFailure } from './explain.ts'

/** New passwords for a cluster whose aura.json was lost, set by PostgreSQL's single-user mode, which asks for none. */
export async function resetPasswords(
  directory: string,
  { postgres }: Binaries,
  account: Account | undefined,
): Promise<Credentials> {
  const credentials = createCredentials()
  const child = runChild({
    program: postgres,
    args: ['--single', '-D', directory, '-c', 'log_line_prefix=', '-c', 'exit_on_error=on', 'postgres'],
    cwd: '/',
    env: { LC_ALL: 'C' },
    account,
    deathSignal: 'TERM',
    input: `alter role postgres password '${credentials.passwords.postgres}'\n`,
  })
  const exit = await child.exited
  if (exit.code !== 0) throw new StartError(explainFailure(child.tail, directory))
  writeCredentials(directory, credentials, account)
  return credentials
}
