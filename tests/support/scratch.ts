import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'

const made: string[] = []

/** A new temporary directory, open to every user unless `mode` says otherwise; removed after the test. */
export function scratch(mode = 0o755): string {
  const directory = mkdtempSync(join(tmpdir(), 'aura-test-'))
  chmodSync(directory, mode)
  made.push(directory)
  return directory
}

/** To be called once in a test file that uses `scratch`: after its own afterEach hooks, which end what runs there. */
export function removeScratchAfterEach(): void {
  afterEach(() => {
    for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true })
  })
}
