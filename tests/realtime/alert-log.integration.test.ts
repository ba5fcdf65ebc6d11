import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../src/database/index.ts'
import { createPostgresAlertLog } from '../../src/realtime/alert-log-postgres.ts'
import { createMemoryAlertLog, type AlertLog, type StoredPublication } from '../../src/realtime/alert-log.ts'
import { quiet } from '../support/logger.ts'
import { embedded } from '../support/run-aura.ts'

let dataDir: string
let database: Database
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'aura-alert-log-'))
  chmodSync(dataDir, 0o755)
  database = await openDatabase(embedded(dataDir), quiet)
})
afterAll(async () => {
  await database?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const day = 86_400_000
const retention = { count: 1000, age: day }
const noon = Date.UTC(2026, 10, 1, 12)

let epochs = 0
const newEpoch = (): string => `epoch-${epochs++}`
const postgres = (now: () => number = () => noon): AlertLog => createPostgresAlertLog(database.db, newEpoch, now)

const message = (offset: number, publishedAt = noon): StoredPublication => ({
  offset,
  json: JSON.stringify({ k: 'event', ts: publishedAt, v: offset }),
  publishedAt,
})
const range = (from: number, to: number): StoredPublication[] =>
  Array.from({ length: to - from + 1 }, (_, i) => message(from + i))
const rowsOf = async (topic: string): Promise<number> => {
  const rows = await database.db.selectFrom('aura.realtime_log').select('offset').where('topic', '=', topic).execute()
  return rows.length
}

describe.each([
  ['in memory', () => createMemoryAlertLog(newEpoch)],
  ['in PostgreSQL', () => postgres()],
])('any log of alerts: %s', (name, create) => {
  test('a new topic begins at 0 and keeps its epoch', async () => {
    const log = create()
    const first = await log.open(`${name} new`, retention)
    expect(first).toMatchObject({ position: { offset: 0 }, publications: [] })
    expect((await log.open(`${name} new`, retention)).position).toEqual(first.position)
  })

  test('messages come back whole and in order; the same offered twice is stored once', async () => {
    const log = create()
    const topic = `${name} twice`
    await log.open(topic, retention)
    await log.append(topic, range(1, 3), retention)
    await log.append(topic, range(2, 5), retention)
    const { position, publications } = await log.open(topic, retention)
    expect(position.offset).toBe(5)
    expect(publications).toEqual(range(1, 5))
  })

  test('no more than asked for are kept', async () => {
    const log = create()
    const topic = `${name} many`
    await log.open(topic, { count: 3, age: day })
    await log.append(topic, range(1, 10), { count: 3, age: day })
    expect((await log.open(topic, { count: 3, age: day })).publications).toEqual(range(8, 10))
  })

  test('a topic that was not opened is refused', async () => {
    await expect(create().append(`${name} unknown`, range(1, 1), retention)).rejects.toThrow('was not opened')
  })
})

test('a restart goes on with the same epoch and offsets', async () => {
  await postgres().open('restart', retention)
  await postgres().append('restart', range(1, 2), retention)
  const before = await postgres().open('restart', retention)
  await postgres().append('restart', range(3, 4), retention)
  const after = await postgres().open('restart', retention)
  expect(after.position).toEqual({ epoch: before.position.epoch, offset: 4 })
  expect(after.publications.filter(({ offset }) => offset > before.position.offset)).toEqual(range(3, 4))
})

test('offsets go on after everything was too old', async () => {
  await postgres().open('old', retention)
  await postgres().append('old', range(1, 4), retention)
  const later = postgres(() => noon + day + 1)
  expect(await later.open('old', retention)).toMatchObject({ position: { offset: 4 }, publications: [] })
  expect(await rowsOf('old')).toBe(0)
  await later.append('old', [message(5, noon + day + 1)], retention)
  expect((await later.open('old', retention)).publications).toEqual([message(5, noon + day + 1)])
})

test('an append that does not follow is refused and stores nothing', async () => {
  await postgres().open('hole', retention)
  await expect(postgres().append('hole', [message(1), message(3)], retention)).rejects.toThrow('does not follow')
  expect(await postgres().open('hole', retention)).toMatchObject({ position: { offset: 0 }, publications: [] })
})

test('two processes that append the same store it once', async () => {
  await postgres().open('race', retention)
  await Promise.all([1, 2, 3, 4].map(() => postgres().append('race', range(1, 20), retention)))
  expect((await postgres().open('race', retention)).publications).toEqual(range(1, 20))
})

test('what stands before a hole in the table is not handed out', async () => {
  await postgres().open('torn', retention)
  await postgres().append('torn', range(1, 6), retention)
  await database.db.deleteFrom('aura.realtime_log').where('topic', '=', 'torn').where('offset', '=', '3').execute()
  expect((await postgres().open('torn', retention)).publications).toEqual(range(4, 6))
})

test('for any messages, batches, restarts and ages, the log is the newest end of what was appended', async () => {
  const step = fc.record({
    texts: fc.array(
      fc.record({
        key: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
        value: fc.string({ unit: 'binary' }),
      }),
    ),
    pass: fc.integer({ min: 0, max: 400 }),
  })
  let runs = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
      const topic = `property ${runs++}`
      const limits = { count: 5, age: 1000 }
      let now = noon
      const all: StoredPublication[] = []
      await postgres(() => now).open(topic, limits)
      for (const { texts, pass } of steps) {
        now += pass
        const batch = texts.map(({ key, value }, i): StoredPublication => {
          const json = JSON.stringify({ v: value })
          const offset = all.length + 1 + i
          return key === undefined ? { offset, json, publishedAt: now } : { offset, json, key, publishedAt: now }
        })
        all.push(...batch)
        await postgres(() => now).append(topic, batch, limits)
      }
      const { position, publications } = await postgres(() => now).open(topic, limits)
      expect(position.offset).toBe(all.length)
      expect(publications).toEqual(all.slice(-5).filter(({ publishedAt }) => publishedAt >= now - limits.age))
    }),
    { numRuns: 60 },
  )
})
