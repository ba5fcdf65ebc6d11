import { chownSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { StartError } from '../../errors.ts'
import { describeExit, runChild } from '../../children/run-child.ts'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import { createCredentials, writeCredentials } from './credentials.ts'
import { explainFailure } from './explain.ts'

/*
 * The builtin C.UTF-8 sorts and folds the same way on every machine and in every later version: no index breaks
 * when the C library or ICU changes, and no locale has to be installed.
 */
const options = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--data-checksums',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
]

function own(path: string, account: Account | undefined): void {
  if (account !== undefined) chownSync(path, account.uid, account.gid)
}

/**
 * Makes a new cluster at `path`. It grows beside its place and is moved there when complete, so that a start which is
 * killed half-way leaves nothing that looks like data.
 */
export async function initialise(path: string, { initdb }: Binaries, account: Account | undefined): Promise<void> {
  const growing = `${path}.new`
  const passwordFile = `${path}.password`
  const credentials = createCredentials()
  try {
    // Left by a start that was killed: no server ever ran on it, so it holds nobody's rows.
    rmSync(growing, { recursive: true, force: true })
    rmSync(passwordFile, { force: true })
    mkdirSync(growing, { mode: 0o700 })
    own(growing, account)
    writeFileSync(passwordFile, `${credentials.passwords.postgres}\n`, { mode: 0o600, flag: 'wx' })
    own(passwordFile, account)
    await runInitdb(initdb, [`--pgdata=${growing}`, `--pwfile=${passwordFile}`, ...options], path, account)
    writeCredentials(growing, credentials, account)
    renameSync(growing, path)
  } catch (error) {
    if (error instanceof StartError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(explainFailure([`error: ${reason}`], path), { cause: error })
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

async function runInitdb(
  program: string,
  args: readonly string[],
  path: string,
  account: Account | undefined,
): Promise<void> {
  const child = runChild({ program, args, cwd: '/', env: { LC_ALL: 'C' }, account, deathSignal: 'TERM' })
  const exit = await child.exited
  if (exit.code !== 0) throw new StartError(explainFailure([`initdb ${describeExit(exit)}`, ...child.tail], path))
}
