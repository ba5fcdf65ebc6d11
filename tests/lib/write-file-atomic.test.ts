import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeFileAtomic } from '../../src/lib/write-file-atomic.ts'

test('replaces the text, readable by its owner alone, and leaves nothing else behind, even on failure', () => {
  const directory = mkdtempSync(join(tmpdir(), 'aura-write-'))
  try {
    const path = join(directory, 'file')
    writeFileAtomic(path, 'one')
    writeFileAtomic(path, 'two')
    expect(readFileSync(path, 'utf8')).toBe('two')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    mkdirSync(join(directory, 'taken'))
    expect(() => writeFileAtomic(join(directory, 'taken'), 'three')).toThrow(/EISDIR|ENOTEMPTY|EEXIST/)
    expect(readdirSync(directory)).toEqual(['file', 'taken'])
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
