import {
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { canEnter, canRun, parsePasswd, type Account } from '../../../src/database/embedded/account.ts'
import { installedPackage, locateBinaries } from '../../../src/database/embedded/binaries.ts'
import { databaseOf, embedded, runAura, type RunningAura } from '../../support/run-aura.ts'
import { removeScratchAfterEach, scratch } from '../../support/scratch.ts'

removeScratchAfterEach()
const running: RunningAura[] = []
afterEach(async () => {
  for (const aura of running.splice(0)) {
    if (aura.process.exitCode === null && aura.process.signalCode === null) await aura.end('SIGTERM')
  }
})

async function start(dataDir: string, more = {}, account?: Account): Promise<RunningAura> {
  const aura = await runAura({ database: embedded(dataDir, more) }, account)
  running.push(aura)
  return aura
}

const isRoot = process.getuid?.() === 0
const nobody = isRoot ? parsePasswd(readFileSync('/etc/passwd', 'utf8')).get('nobody') : undefined
// A clone below a closed directory cannot be read by another user at all.
const readable = nobody !== undefined && canEnter(import.meta.dirname, nobody)
if (!isRoot) console.warn('skipped: tests of starting as root, because this is an ordinary user')
else if (!readable) console.warn('skipped: start as an ordinary user, because nobody cannot read this clone')

test.skipIf(isRoot && !readable)('an ordinary user keeps the data in its own directory', async () => {
  const dataDir = scratch(0o700)
  if (nobody) chownSync(dataDir, nobody.uid, nobody.gid)
  const first = await start(dataDir, {}, nobody)
  expect(statSync(join(dataDir, 'postgres')).uid).toBe(nobody?.uid ?? process.getuid?.())
  const { instanceId } = databaseOf(first)
  await first.end('SIGTERM')
  expect(databaseOf(await start(dataDir, {}, nobody)).instanceId).toBe(instanceId)
})

const asRoot = test.runIf(isRoot)

asRoot('as root, the server runs as another user, in place where that user can get there', async () => {
  const dataDir = scratch(0o755)
  const { serverPid } = databaseOf(await start(dataDir))
  const uid = statSync(`/proc/${serverPid}`).uid
  expect(uid).not.toBe(0)
  expect(lstatSync(join(dataDir, 'postgres')).isDirectory()).toBe(true)
  expect(statSync(join(dataDir, 'postgres')).uid).toBe(uid)
  expect(statSync(join(dataDir, 'postgres')).mode & 0o777).toBe(0o700)
  expect(statSync(join(dataDir, 'postgres', 'aura.json')).mode & 0o777).toBe(0o600)
})

asRoot('as root, below a closed directory the data lies elsewhere, linked, and is found again', async () => {
  const dataDir = join(scratch(0o700), '.aura')
  const sharedDir = join(scratch(0o755), 'shared')
  const first = await start(dataDir, { sharedDir })
  const { instanceId } = databaseOf(first)
  expect(lstatSync(join(dataDir, 'postgres')).isSymbolicLink()).toBe(true)
  const home = readdirSync(sharedDir).find((name) => name.startsWith('data-')) ?? ''
  expect(readFileSync(join(sharedDir, home, 'belongs-to'), 'utf8')).toBe(`${join(dataDir, 'postgres')}\n`)
  expect(first.messages.join('\n')).toContain(`its data is in ${join(sharedDir, home, 'postgres')}`)
  await first.end('SIGTERM')
  expect(databaseOf(await start(dataDir, { sharedDir })).instanceId).toBe(instanceId)
})

asRoot('as root, a copied clone that links to the same data is refused while the first runs', async () => {
  const [dataDir, copy] = [join(scratch(0o700), '.aura'), join(scratch(0o700), '.aura')]
  const sharedDir = join(scratch(0o755), 'shared')
  const first = await start(dataDir, { sharedDir })
  cpSync(dataDir, copy, { recursive: true, verbatimSymlinks: true })
  const second = await start(copy, { sharedDir })
  expect(second.report.error?.message).toMatch(/is in use by another Aura \(pid \d+\)/)
  expect(databaseOf(first).serverPid).toBeGreaterThan(0)
})

asRoot('as root, data of an ordinary user is served as that user', async () => {
  const dataDir = scratch(0o755)
  if (nobody === undefined || !readable) return
  chownSync(dataDir, nobody.uid, nobody.gid)
  const first = await start(dataDir, {}, nobody)
  await first.end('SIGTERM')
  const { serverPid, instanceId } = databaseOf(await start(dataDir))
  expect(statSync(`/proc/${serverPid}`).uid).toBe(nobody.uid)
  expect(instanceId).toBe(databaseOf(first).instanceId)
})

asRoot('as root, data that belongs to root, or to nobody at all, stops the start with one line', async () => {
  const dataDir = scratch()
  mkdirSync(join(dataDir, 'postgres'))
  expect((await start(dataDir)).report.error?.message).toMatch(/belongs to root.*chown -R/)
  const other = scratch()
  symlinkSync(join(other, 'gone'), join(other, 'postgres'))
  expect((await start(other)).report.error?.message).toMatch(/is a link to a directory that does not exist/)
  expect(existsSync(join(other, 'gone'))).toBe(false)
})

asRoot('as root, programs that the user cannot reach are copied once to where it can', () => {
  const account = nobody
  if (account === undefined) throw new Error('there is no user nobody')
  const closed = scratch(0o700)
  const installed = installedPackage()
  cpSync(join(installed.root, 'native'), join(closed, 'native'), { recursive: true, verbatimSymlinks: true })
  const shared = scratch()
  const { postgres } = locateBinaries(account, shared, { ...installed, root: closed })
  expect(postgres).toBe(join(shared, `postgresql-${installed.version}`, 'bin', 'postgres'))
  expect(canRun(postgres, ['-V'], account)).toBe(true)
  const { ino } = statSync(postgres)
  locateBinaries(account, shared, { ...installed, root: closed })
  expect(statSync(postgres).ino).toBe(ino)
})

test('an ordinary user is told whose the data is, when it is another’s', async () => {
  if (!isRoot || nobody === undefined || !readable) return
  const dataDir = scratch()
  chownSync(dataDir, nobody.uid, nobody.gid)
  mkdirSync(join(dataDir, 'postgres'))
  const { report } = await start(dataDir, {}, nobody)
  expect(report.error?.message).toMatch(/postgres belongs to uid 0, Aura runs as uid \d+/)
})
