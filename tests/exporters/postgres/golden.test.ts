import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { metrics as statDatabase } from '../../../src/exporters/postgres/collectors/stat-database.ts'
import { metrics as statWal } from '../../../src/exporters/postgres/collectors/stat-wal.ts'
import { collectorsOf } from '../../../src/exporters/postgres/index.ts'
import { createExposition } from '../../../src/lib/exposition.ts'
import { parseExposition } from '../../support/exposition.ts'
import { defaults } from './exporter.ts'
import { replay, type Recording } from './recording.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const statements = { enabled: true, top: 3, text: false, text_length: 120 }

/** Views that a major does not have yet. */
const lacking: Readonly<Record<number, readonly string[]>> = { 13: ['stat_wal', 'stat_io'], 15: ['stat_io'] }

describe.each([13, 15, 17, 18])('what PostgreSQL %i answered', (major) => {
  const recording = JSON.parse(readFileSync(join(fixtures, `${major}.json`), 'utf8')) as Recording

  test('gives the page on record', async () => {
    const { db, next } = replay(recording)
    const out = createExposition()
    const unrecorded: string[] = []
    for (const collector of collectorsOf(db, defaults({ statements }))) {
      if (next(collector.name)) collector.write(await collector.read(AbortSignal.timeout(1000)), out)
      else unrecorded.push(collector.name)
    }
    expect(unrecorded).toEqual(lacking[major] ?? [])
    parseExposition(out.text())
    await expect(out.text()).toMatchFileSnapshot(join(fixtures, `${major}.prom`))
  })
})

test('every column of the views that changed over the majors is on the page of one of them', () => {
  const pages = [13, 15, 17, 18].map((major) => readFileSync(join(fixtures, `${major}.prom`), 'utf8')).join('')
  const absent = Object.keys({ ...statDatabase, ...statWal }).filter((name) => !pages.includes(`# TYPE ${name} `))
  // No page was ever damaged, so there is no time of a failure.
  expect(absent).toEqual(['pg_stat_database_checksum_last_failure'])
})
