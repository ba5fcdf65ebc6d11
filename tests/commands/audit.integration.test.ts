import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSigner } from '../../src/audit/checkpoints.ts'
import type { AuditEntry } from '../../src/audit/types.ts'
import { chainHash } from '../../src/audit/chain.ts'
import { entry } from '../support/audit.ts'
import { useAudit } from '../support/use-audit.ts'

const program = join(import.meta.dirname, '../../src/main.ts')

const { bench, superuser } = useAudit(5)
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aura-audit-command-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The command beside the Aura that runs: its exit code and what it said. */
async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, AURA_DATA_DIR: bench().dataDir }
  const child = spawn(process.execPath, [program, 'audit', ...args], { env, cwd: folder })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err: err.trim() }
}

const record = async (more: Partial<AuditEntry>): Promise<number> => (await bench().create()).record(entry(more))
const newest = async () => {
  const row = await bench().database.db.selectFrom('audit.log').selectAll().orderBy('seq', 'desc').executeTakeFirst()
  if (row === undefined) throw new Error('the log is empty')
  return { seq: Number(row.seq), hash: row.hash.toString('hex'), told: JSON.parse(row.body) as Record<string, unknown> }
}

test('a sound chain is verified, and that it was is in the log', async () => {
  openSigner(bench().dataDir)
  const verified = await run('verify')
  expect(verified).toMatchObject({ code: 0, err: '' })
  expect(verified.out).toMatch(/^verified up to row 5; /)
  expect((await newest()).told).toMatchObject({
    action: 'audit.verify',
    actor: expect.stringMatching(/^os:/),
    after: { verifiedTo: 5 },
  })
})

test('a changed row is named', async () => {
  openSigner(bench().dataDir)
  await superuser().tamper(`update audit.log set body = replace(body, 'user:2', 'user:x') where seq = 3`)
  expect(await run('verify')).toMatchObject({
    code: 1,
    out: '',
    err: 'row 3: its content does not match its hash; everything before it is as it was written',
  })
  expect((await newest()).told).toMatchObject({ after: { verifiedTo: 2, broken: { seq: 3 } } })
})

test('checkpoints that left the machine tell of a tail that was cut off, and of a chain written anew', async () => {
  // Signed elsewhere, so that nothing of it is in the data directory.
  const signer = openSigner(folder)
  const kept = join(folder, 'kept.jsonl')
  const key = join(folder, 'key.pem')
  writeFileSync(key, signer.publicKey)
  const { seq, hash } = await newest()
  writeFileSync(kept, `${JSON.stringify(signer.sign({ seq, hash }, Date.now()))}\n`)
  const verify = () => run('verify', '--checkpoints', kept, '--public-key', key)
  expect(await verify()).toMatchObject({ code: 0, out: expect.stringContaining('signed up to row 5') })

  await superuser().tamper('delete from audit.log where seq > 3')
  expect((await verify()).err).toContain('row 4: the log was signed up to row 5; the rest is missing')
  // The check of before is row 4 by now.
  await record({})
  expect((await verify()).err).toContain('row 5: it is not the row that was signed')

  writeFileSync(kept, readFileSync(kept, 'utf8').replace('"seq":5', '"seq":2'))
  expect(await verify()).toMatchObject({ code: 1, err: 'the signature of line 1 is not of this key' })
  expect(await run('verify', '--public-key', kept)).toMatchObject({ code: 1 })
})

test('an export as lines is what was hashed', async () => {
  await record({ after: { name: 'line\n\u001b[31m' } })
  const { out, code } = await run('export')
  expect(code).toBe(0)
  const rows = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  // Up to what was newest when it began: that it began.
  expect(rows.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(rows.at(-1)).toMatchObject({ action: 'audit.export', after: { format: 'jsonl' } })
  expect((await newest()).told).toMatchObject({ action: 'audit.export', after: { rows: 7, complete: true } })
  // Hashing what is written there again leads to the same hash, but for the address, which the chain has as a reference.
  const { hash, prev_hash: previous, ip: _ip, ...body } = rows.at(-1) as Record<string, string>
  const sorted = JSON.stringify(Object.fromEntries(Object.entries(body).toSorted(([a], [b]) => (a < b ? -1 : 1))))
  expect(chainHash(Buffer.from(previous ?? '', 'hex'), sorted).toString('hex')).toBe(hash)
})

test('an export for spreadsheets runs nothing there, and may be of a span of time', async () => {
  await record({ object: '=cmd|calc', rule: '@SUM(1)\n"quoted"' })
  const { out } = await run('export', '--format', 'csv')
  expect(out).toMatch(/^seq,ts,actor,/)
  expect(out).toContain(`"'=cmd|calc"`)
  expect(out).toContain(`"'@SUM(1)\n""quoted"""`)
  expect((await run('export', '--to', '2020-01-01')).out).toBe('')
  expect((await run('export', '--from', '2020-01-01')).out).not.toBe('')
})

test('wrong usage is said, with exit code 2', async () => {
  for (const args of [
    [],
    ['frob'],
    ['export', '--format', 'xml'],
    ['export', '--from', 'yesterday'],
    ['verify', 'x'],
  ]) {
    expect(await run(...args)).toMatchObject({ code: 2, out: '' })
  }
})

test('the public key is shown, and after a rotation the one before too', async () => {
  openSigner(bench().dataDir)
  const before = (await run('key')).out
  expect(before).toMatch(/^-----BEGIN PUBLIC KEY-----/)
  const rotated = (await run('rotate-key')).out
  expect(rotated.endsWith(before)).toBe(true)
  expect(rotated.length).toBeGreaterThan(before.length)
  expect((await run('key')).out).toBe(rotated)
  expect(rotated).not.toContain('PRIVATE')
})
