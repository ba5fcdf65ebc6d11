import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chainHash, genesis } from '../../src/audit/chain.ts'
import { openSigner, parseCheckpoints } from '../../src/audit/checkpoints.ts'
import { deliveries } from '../../src/audit/deliver.ts'
import { createKeeper, type Keeper } from '../../src/audit/keeper.ts'
import { verifyChain } from '../../src/audit/verify.ts'
import { quiet } from '../support/logger.ts'
import { useAudit } from '../support/use-audit.ts'

const { bench, superuser } = useAudit(10)

let folder = ''
let keeper: Keeper
const copy = () => join(folder, 'elsewhere.jsonl')
const create = () =>
  createKeeper({
    db: bench().database.db,
    signer: openSigner(folder),
    deliveries: deliveries({
      checkpoint_file: copy(),
      webhook_url: '',
      webhook_token: '',
      syslog: '',
    }),
    log: quiet,
    clock: Date.now,
    checkpointInterval: 3_600_000,
    verifyInterval: 3_600_000,
  })
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aura-checkpoints-'))
  keeper = create()
})
afterEach(async () => {
  await keeper.close()
  rmSync(folder, { recursive: true, force: true })
})

test('they are signed, leave the machine, and are made only where something was added', async () => {
  const first = await keeper.checkpoint()
  expect(first?.seq).toBe(10)
  expect(await keeper.checkpoint()).toBeUndefined()
  const { keys } = openSigner(folder)
  expect(parseCheckpoints(readFileSync(copy(), 'utf8'), keys)).toEqual([first])
  const forged = JSON.stringify({ ...first, seq: 9 })
  expect(() => parseCheckpoints(forged, keys)).toThrow('line 1')
})

test('a tail that was cut off is found, and by a keeper that starts anew', async () => {
  await keeper.checkpoint()
  await superuser().tamper('delete from audit.log where seq > 7')
  expect((await keeper.verify()).broken).toMatchObject({ seq: 8 })
  const restarted = create()
  expect((await restarted.verify()).broken).toMatchObject({ seq: 8 })
  await restarted.close()
})

test('a chain that was rewritten as a whole is found', async () => {
  await keeper.checkpoint()
  const { rows } = await superuser().client.query<{ seq: string; body: string }>(
    'select seq, body from audit.log order by seq',
  )
  let previous: Buffer = genesis
  for (const { seq, body } of rows) {
    const rewritten = seq === '2' ? body.replace('user:1', 'user:x') : body
    const hash = chainHash(previous, rewritten)
    await superuser().tamper(
      `update audit.log set body = '${rewritten}', object = '${seq === '2' ? 'user:x' : `user:${Number(seq) - 1}`}', prev_hash = '\\x${previous.toString('hex')}', hash = '\\x${hash.toString('hex')}' where seq = ${seq}`,
    )
    previous = hash
  }
  expect((await verifyChain(bench().database.db)).broken).toBeUndefined()
  expect((await keeper.verify()).broken).toMatchObject({ seq: 10, what: 'it is not the row that was signed' })
  expect(await keeper.checkpoint()).toBeUndefined()
})

test('what did not get through is told and sent again', async () => {
  const got: string[] = []
  let status = 500
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      if (status === 200) got.push(`${request.headers.authorization} ${body}`)
      response.writeHead(status).end()
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  const posting = createKeeper({
    db: bench().database.db,
    signer: openSigner(folder),
    deliveries: deliveries({
      checkpoint_file: '',
      webhook_url: `http://127.0.0.1:${port}/`,
      webhook_token: 'sesame',
      syslog: '',
    }),
    log: quiet,
    clock: Date.now,
    checkpointInterval: 3_600_000,
    verifyInterval: 3_600_000,
  })
  await posting.checkpoint()
  expect([...posting.state.undelivered]).toEqual([['webhook', 'it answered with status 500']])
  status = 200
  await posting.checkpoint()
  expect(posting.state.undelivered.size).toBe(0)
  expect(got).toHaveLength(1)
  expect(got[0]).toMatch(/^Bearer sesame \{"seq":10/)
  await posting.close()
  server.close()
})

test('a key that is none is said, and nothing is overwritten', () => {
  const other = mkdtempSync(join(tmpdir(), 'aura-checkpoints-'))
  writeFileSync(join(other, 'audit-key.pem'), 'nonsense')
  expect(() => openSigner(other)).toThrow('is no private key')
  expect(readFileSync(join(other, 'audit-key.pem'), 'utf8')).toBe('nonsense')
  copyFileSync(join(folder, 'audit-key.pem'), join(other, 'audit-key.pem'))
  expect(openSigner(other).publicKey).toBe(openSigner(folder).publicKey)
  rmSync(other, { recursive: true, force: true })
})

test('a lost key: what it signed is not believed until its public key is there again', async () => {
  const first = await keeper.checkpoint()
  const kept = openSigner(folder).publicKey
  rmSync(join(folder, 'audit-key.pem'))
  expect(() => create()).toThrow('the signature of line 1 is not of this key. If the key was lost')
  writeFileSync(join(folder, 'audit-keys-retired.pem'), kept)
  expect(openSigner(folder).all()).toEqual([first])
})

test('a checkpoint that a power cut left half-written does not prevent a start', async () => {
  const first = await keeper.checkpoint()
  const file = join(folder, 'audit-checkpoints.jsonl')
  writeFileSync(file, `${readFileSync(file, 'utf8')}{"seq":11,"ha`)
  const signer = openSigner(folder)
  const second = signer.sign({ seq: 11, hash: 'ab' }, Date.now())
  expect(openSigner(folder).all()).toEqual([first, second])
})
