import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/database/index.ts'
import { startAccounts } from '../../support/accounts.ts'
import { quiet } from '../../support/logger.ts'
import { embedded } from '../../support/run-aura.ts'

const program = join(import.meta.dirname, '../../support/accounts-like.ts')

test('killed with -9 right after a sign-in: the next start finds the session', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'aura-crash-'))
  chmodSync(dataDir, 0o755)
  const child = spawn(process.execPath, [program, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const [cookie] = (await once(createInterface(child.stdout), 'line')) as [string]
  child.kill('SIGKILL')
  await ended
  const database = await openDatabase(embedded(dataDir, { poolSize: 5 }), quiet)
  try {
    await using aura = await startAccounts(database)
    const answer = await aura.send('/api/account', { headers: { cookie } })
    expect(answer.json()).toMatchObject({ user: { name: 'ada' }, roles: ['owner'] })
  } finally {
    await database.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
})
