import { expect, test } from 'vitest'
import { explainFailure, isPortTaken, severeLine } from '../../../src/database/embedded/explain.ts'

const directory = '/home/me/aura/.aura/postgres'

test.each([
  [
    'full disk',
    'PANIC:  could not write to file "pg_wal/xlogtemp.29": No space left on device',
    /no space left.*free some/,
  ],
  [
    'full disk at initdb',
    'initdb: error: could not create directory "/x/postgres.new/base": No space left on device',
    /no space left.*Nothing was deleted/,
  ],
  [
    'full disk, half a page',
    'FATAL:  could not extend file "base/1/2691": wrote only 4096 of 8192 bytes',
    /no space left/,
  ],
  [
    'other major',
    'FATAL:  database files are incompatible with server',
    /written by another version.*Nothing was changed/,
  ],
  [
    'damaged control file',
    'PANIC:  could not read file "global/pg_control": read 0 of 296',
    /damaged: restore a backup/,
  ],
  ['damaged WAL', 'PANIC:  could not locate a valid checkpoint record at 0/174B630', /damaged/],
  ['missing file', 'FATAL:  "base/5" is not a valid data directory', /damaged|did not start/],
  [
    'other server',
    'FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use',
    /another PostgreSQL still uses/,
  ],
  ['rights', 'FATAL:  data directory "/x" has invalid permissions', /mend the owner and mode/],
  ['user', 'initdb: error: could not look up effective user ID 1234: user does not exist', /no entry in \/etc\/passwd/],
  ['memory', 'FATAL:  could not map anonymous shared memory: Cannot allocate memory', /not enough memory/],
  ['unknown', 'FATAL:  the moon is in the wrong place', /did not start/],
])('%s: one line with PostgreSQL’s own words', (_case, line, pattern) => {
  const text = explainFailure(['LOG:  starting PostgreSQL 18.4', line, 'LOG:  database system is shut down'], directory)
  expect(text).toMatch(pattern)
  expect(text).toContain(line.replace(/^initdb: /, ''))
  expect(text).not.toContain('\n')
})

test('a mistake in a setting is quoted with its place', () => {
  const mistake = 'LOG:  syntax error in file "/x/postgresql.conf" line 900, near token "here"'
  const text = explainFailure([mistake, 'FATAL:  configuration file "/x/postgresql.conf" contains errors'], directory)
  expect(text).toMatch(/mend it and start again/)
  expect(text).toContain(mistake)
})

test('quotes the first severe line, and not what clients were told meanwhile', () => {
  const lines = ['FATAL:  the database system is starting up', 'PANIC:  first', 'FATAL:  second']
  expect(severeLine(lines)).toBe('PANIC:  first')
  expect(severeLine(['LOG:  all is well'])).toBeUndefined()
})

test('knows a taken port, which another port mends', () => {
  expect(isPortTaken(['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use'])).toBe(true)
  expect(isPortTaken(['FATAL:  data directory "/x" has invalid permissions'])).toBe(false)
})
