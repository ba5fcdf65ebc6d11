import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSlowHandles } from '../../../../src/exporters/host/lib/slow-handles.ts'

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'slow-'))))
afterEach(() => rmSync(dir, { recursive: true }))

const openFiles = (): number => readdirSync('/proc/self/fd').length

test.each([true, false])('reads what the file holds now (descriptors kept: %s)', async (keep) => {
  const handles = createSlowHandles(keep)
  const path = join(dir, 'temp1_input')
  writeFileSync(path, '41000\n')
  expect(await handles.read(path)).toBe('41000\n')
  writeFileSync(path, '42000\n')
  expect(await Promise.all([handles.read(path), handles.read(path)])).toEqual(['42000\n', '42000\n'])
  handles.close()
})

test('a missing file and a directory reject, and are tried again', async () => {
  const handles = createSlowHandles(true)
  const path = join(dir, 'temp1_input')
  await expect(handles.read(path)).rejects.toThrow('ENOENT')
  mkdirSync(join(dir, 'power'))
  await expect(handles.read(join(dir, 'power'))).rejects.toThrow('EISDIR')
  writeFileSync(path, '1\n')
  expect(await handles.read(path)).toBe('1\n')
  handles.close()
})

test('what is forgotten is opened anew, even while it is being read', async () => {
  const handles = createSlowHandles(true)
  const path = join(dir, 'hwmon0', 'in0_input')
  mkdirSync(join(dir, 'hwmon0'))
  writeFileSync(path, 'old\n')
  expect(await handles.read(path)).toBe('old\n')
  const underWay = handles.read(path)
  rmSync(path)
  writeFileSync(path, 'new\n')
  handles.forget(join(dir, 'hwmon0'))
  expect(await underWay).toBe('old\n')
  expect(await handles.read(path)).toBe('new\n')
  handles.close()
})

test.runIf(process.platform === 'linux')('nothing stays open after close', async () => {
  const before = openFiles()
  const handles = createSlowHandles(true)
  for (let i = 0; i < 300; i++) {
    writeFileSync(join(dir, `in${i}_input`), `${i}\n`)
    await handles.read(join(dir, `in${i}_input`))
  }
  expect(openFiles()).toBeGreaterThan(before + 200)
  expect(openFiles()).toBeLessThan(before + 270)
  handles.close()
  await expect.poll(openFiles, { timeout: 3000 }).toBeLessThanOrEqual(before + 1)
})
