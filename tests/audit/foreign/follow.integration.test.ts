import { appendFileSync, copyFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { followForeign, type Foreign } from '../../../src/audit/foreign/index.ts'
import { createForeignSweep } from '../../../src/audit/foreign/store.ts'
import { startDatabase } from '../../support/accounts.ts'
import { quiet } from '../../support/logger.ts'

let database: Awaited<ReturnType<typeof startDatabase>>
let folder: string
let file: string
const open = new Set<Foreign>()

beforeAll(async () => {
  database = await startDatabase()
})
afterAll(() => database?.[Symbol.asyncDispose]())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aura-foreign-'))
  file = join(folder, 'audit.log')
})
afterEach(async () => {
  await stop()
  await database.db.deleteFrom('aura.foreign_line').execute()
  await database.db.deleteFrom('aura.foreign_file').execute()
  rmSync(folder, { recursive: true })
})

async function start(files = file, patience = 300): Promise<Foreign> {
  const config = { sources: { app: { files, actor: 'who' } }, keep: '90d', keep_lines: 1_000_000 }
  const deps = { db: database.db, config, log: quiet, clock: Date.now, monotonic: () => performance.now() }
  const foreign = await followForeign({ ...deps, interval: 50, patience })
  if (foreign === undefined) throw new Error('nothing is followed')
  open.add(foreign)
  return foreign
}

async function stop(): Promise<void> {
  for (const foreign of open) await foreign.close()
  open.clear()
}

async function kept(): Promise<string[]> {
  const rows = await database.db.selectFrom('aura.foreign_line').select('line').orderBy('id').execute()
  return rows.map(({ line }) => line)
}

const line = (n: number): string => `{"n":${n},"who":"u${n}"}`
const write = (...ns: number[]): void => appendFileSync(file, ns.map((n) => `${line(n)}\n`).join(''))
const until = (...ns: number[]) => vi.waitFor(async () => expect(await kept()).toEqual(ns.map(line)), 10_000)
/** Long enough for several rounds, in which nothing may be read twice. */
const rounds = () => new Promise((done) => setTimeout(done, 300))

test('lines are kept as they are written, also those whose end comes later', async () => {
  await start()
  write(1, 2)
  await until(1, 2)
  appendFileSync(file, line(3).slice(0, 5))
  await rounds()
  appendFileSync(file, `${line(3).slice(5)}\n`)
  write(4)
  await until(1, 2, 3, 4)
})

test('rotation by rename: what is still written to the old file is read, the new one too', async () => {
  // Long enough that the file is not given up before line 4 on a machine that has much else to do.
  const foreign = await start(file, 3000)
  write(1)
  await until(1)
  renameSync(file, `${file}.1`)
  appendFileSync(`${file}.1`, `${line(2)}\n`)
  await until(1, 2)
  write(3)
  await until(1, 2, 3)
  // The last line of a file that its writer left lacks its end, and counts all the same.
  appendFileSync(`${file}.1`, line(4))
  await until(1, 2, 3, 4)
  await vi.waitFor(() => expect(foreign.files()).toBe(1), 10_000)
})

test('rotation by rename into the pattern reads nothing twice', async () => {
  await start(`${file}*`)
  for (let n = 1; n <= 6; n += 2) {
    write(n, n + 1)
    await until(...Array.from({ length: n + 1 }, (_, i) => i + 1))
    renameSync(file, `${file}.${n}`)
  }
  await rounds()
  await until(1, 2, 3, 4, 5, 6)
})

test.each(['', '*'])('rotation by copy and truncate, pattern audit.log%s', async (pattern) => {
  await start(`${file}${pattern}`)
  write(1, 2)
  await until(1, 2)
  // All at once, so that line 3 was not seen before.
  appendFileSync(file, `${line(3)}\n`)
  copyFileSync(file, `${file}.1`)
  truncateSync(file)
  write(4)
  await vi.waitFor(async () => expect((await kept()).toSorted()).toEqual([1, 2, 3, 4].map(line)), 10_000)
  await rounds()
  expect((await kept()).length).toBe(4)
})

test('a file that was emptied and is longer already than it was', async () => {
  await start()
  write(1)
  await until(1)
  writeFileSync(file, `${line(2)}\n${line(3)}\n${line(4)}\n`)
  await until(1, 2, 3, 4)
})

test('a copy while more is written, and the original emptied later', async () => {
  await start(`${file}*`)
  write(1)
  await until(1)
  copyFileSync(file, `${file}.copy`)
  write(2)
  await until(1, 2)
  await rounds()
  truncateSync(file)
  write(3)
  await until(1, 2, 3)
})

test('a restart in the middle goes on where it was', async () => {
  await start()
  write(1)
  appendFileSync(file, line(2).slice(0, 6))
  await until(1)
  await stop()
  appendFileSync(file, `${line(2).slice(6)}\n`)
  write(3)
  await start()
  await until(1, 2, 3)
})

test('rotation while Aura is away: renamed, and copied and truncated', async () => {
  await start()
  write(1)
  await until(1)
  await stop()
  write(2)
  renameSync(file, `${file}.1`)
  write(3)
  await start()
  await vi.waitFor(async () => expect((await kept()).toSorted()).toEqual([1, 2, 3].map(line)), 10_000)
  await stop()
  write(4)
  copyFileSync(file, `${file}.2`)
  truncateSync(file)
  write(5)
  await start()
  await vi.waitFor(async () => expect((await kept()).toSorted()).toEqual([1, 2, 3, 4, 5].map(line)), 10_000)
})

test('a number of a file that another file got is no reason to skip its lines', async () => {
  await start()
  write(1, 2, 3)
  await until(1, 2, 3)
  await stop()
  rmSync(file)
  write(4, 5, 6, 7)
  await start()
  await until(1, 2, 3, 4, 5, 6, 7)
})

test('bad and huge lines are counted and kept, and the next one is read', async () => {
  await start()
  appendFileSync(file, 'no json\n')
  appendFileSync(file, Buffer.from([0x7b, 0x00, 0xff, 0x0a]))
  appendFileSync(file, `"${'x'.repeat(1_000_000)}"\n`)
  write(1)
  await vi.waitFor(async () => expect(await kept()).toHaveLength(4), 10_000)
  const rows = await database.db.selectFrom('aura.foreign_line').selectAll().orderBy('id').execute()
  expect(rows.map(({ bad, line: { length } }) => [bad, length])).toEqual([
    [true, 7],
    [true, 3],
    [true, 65_536],
    [false, line(1).length],
  ])
  expect(rows[1]?.raw).toEqual(Buffer.from([0x7b, 0x00, 0xff]))
  expect(rows[3]).toMatchObject({ source: 'app', path: file, actor: 'u1' })
  const { lines, bad_lines } = await database.db.selectFrom('aura.foreign_file').selectAll().executeTakeFirstOrThrow()
  expect([lines, bad_lines]).toEqual(['4', '3'])
})

test('many lines at once all arrive, in order', async () => {
  writeFileSync(file, Array.from({ length: 50_000 }, (_, n) => `${line(n)}\n`).join(''))
  await start()
  await vi.waitFor(async () => expect((await kept()).length).toBe(50_000), 30_000)
  expect((await kept()).at(-1)).toBe(line(49_999))
}, 60_000)

test('old lines and too many lines go, oldest first', async () => {
  await start()
  write(1, 2, 3, 4, 5)
  await until(1, 2, 3, 4, 5)
  const sweep = createForeignSweep(database.db, () => Date.now())
  expect(await sweep.cut(3_600_000, 3)).toBe(2)
  expect(await kept()).toEqual([3, 4, 5].map(line))
  expect(await createForeignSweep(database.db, () => Date.now() + 7_200_000).cut(3_600_000, 3)).toBe(3)
})

test('pipes and folders that match are passed over', async () => {
  const { spawnSync } = await import('node:child_process')
  expect(spawnSync('mkfifo', [join(folder, 'audit.pipe')]).status).toBe(0)
  spawnSync('mkdir', [join(folder, 'audit.dir')])
  await start(join(folder, 'audit.*'))
  write(1)
  await until(1)
})
