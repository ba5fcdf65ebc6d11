import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { StartError } from '../../../src/errors.ts'
import { createCredentials, readCredentials, writeCredentials } from '../../../src/database/embedded/credentials.ts'
import { checkDataDirectory, ensureWritable } from '../../../src/database/embedded/data-directory.ts'
import { findLeftovers } from '../../../src/database/embedded/leftovers.ts'
import { removeScratchAfterEach, scratch } from '../../support/scratch.ts'

removeScratchAfterEach()

test('nothing there, or an empty directory, is new', () => {
  const directory = scratch()
  expect(checkDataDirectory(join(directory, 'none'), '18', undefined).initialised).toBe(false)
  expect(checkDataDirectory(directory, '18', undefined).initialised).toBe(false)
})

test('data of our major version is used, of another refused, both left as they are', () => {
  const directory = scratch()
  writeFileSync(join(directory, 'PG_VERSION'), '18\n')
  expect(checkDataDirectory(directory, '18', undefined).initialised).toBe(true)
  const refused = (): unknown => checkDataDirectory(directory, '19', undefined)
  expect(refused).toThrow(StartError)
  expect(refused).toThrow(/was written by PostgreSQL 18, this Aura brings 19.*pg_dumpall.*Nothing was changed/)
  expect(readdirSync(directory)).toEqual(['PG_VERSION'])
})

test('a directory with other things in it is refused and left as it is', () => {
  const directory = scratch()
  writeFileSync(join(directory, 'photo.jpg'), 'x')
  expect(() => checkDataDirectory(directory, '18', undefined)).toThrow(/PG_VERSION is missing.*Nothing was changed/)
  expect(readdirSync(directory)).toEqual(['photo.jpg'])
})

test('a data directory that cannot be made is named', () => {
  const directory = scratch()
  writeFileSync(join(directory, 'file'), '')
  expect(() => ensureWritable(join(directory, 'file', 'below'))).toThrow(/cannot be written.*AURA_DATA_DIR/)
})

test('credentials come back as they were written; a damaged file counts as lost', () => {
  const directory = scratch()
  expect(readCredentials(directory)).toBeUndefined()
  const credentials = { ...createCredentials(), port: 15432 }
  writeCredentials(directory, credentials, undefined)
  expect(readCredentials(directory)).toEqual(credentials)
  for (const damage of ['', '{', '{}', '{"port":1,"passwords":{}}', 'null']) {
    writeFileSync(join(directory, 'aura.json'), damage)
    expect(readCredentials(directory)).toBeUndefined()
  }
})

test('no two clusters have the same passwords', () => {
  const { passwords: a } = createCredentials()
  const { passwords: b } = createCredentials()
  expect(new Set([...Object.values(a), ...Object.values(b)]).size).toBe(6)
})

test('an empty directory made beforehand is filled, not replaced by force', () => {
  const directory = join(scratch(), 'postgres')
  mkdirSync(directory)
  expect(checkDataDirectory(directory, '18', undefined)).toEqual({ path: directory, initialised: false })
})

test('databases whose clone is gone are found, those in use are not', () => {
  const [shared, clone] = [scratch(), scratch()]
  for (const [name, link] of [
    ['data-used', join(clone, 'postgres')],
    ['data-left', join(clone, 'gone', 'postgres')],
  ] as const) {
    mkdirSync(join(shared, name))
    writeFileSync(join(shared, name, 'belongs-to'), `${link}\n`)
  }
  mkdirSync(join(shared, 'data-unknown'))
  symlinkSync(join(shared, 'data-used', 'postgres'), join(clone, 'postgres'))
  expect(findLeftovers(shared)).toEqual([join(shared, 'data-left')])
  expect(findLeftovers(join(shared, 'none'))).toEqual([])
})
