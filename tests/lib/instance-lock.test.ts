import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acquireInstanceLock, loadFlock } from '../../src/lib/instance-lock.ts'
import { identify } from '../../src/lib/process-identity.ts'

let directory: string
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'aura-lock-'))))
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const none = () => Promise.resolve(undefined)

const kinds = [
  ['kernel lock', loadFlock],
  ['pid file, where there is no FFI', none],
  ['pid file, where the file system has no locks', () => Promise.resolve(() => 'unsupported' as const)],
] as const

describe.each(kinds)('%s', (_kind, load) => {
  test('a second claim is refused and learns who holds it; after release it succeeds', async () => {
    const path = join(directory, 'lock')
    const first = await acquireInstanceLock(path, load)
    expect(first.acquired).toBe(true)
    expect(await acquireInstanceLock(path, load)).toEqual({ acquired: false, pid: process.pid })
    if (first.acquired) first.release()
    const third = await acquireInstanceLock(path, load)
    expect(third.acquired).toBe(true)
    if (third.acquired) third.release()
  })
})

test('on this platform the kernel does the locking', async () => {
  expect((await loadFlock()) !== undefined).toBe(process.platform !== 'win32')
})

test('a pid file whose pid now belongs to another process does not block', async () => {
  const path = join(directory, 'lock')
  writeFileSync(`${path}.pid`, `${process.pid} 1\n`)
  const lock = await acquireInstanceLock(path, none)
  expect(lock.acquired).toBe(true)
  expect(readFileSync(`${path}.pid`, 'utf8')).toBe(`${process.pid} ${identify(process.pid)?.started}\n`)
})
