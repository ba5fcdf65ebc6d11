import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findK6 } from '../../load/launcher/find-k6.ts'
import { removeScratchAfterEach, scratch } from '../support/scratch.ts'

removeScratchAfterEach()

/** A program called k6 that says this when asked for its version. */
function pretend(folder: string, says: string): string {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'k6')
  writeFileSync(path, `#!/bin/sh\n[ "$1" = version ] && echo '${says}'\n`)
  chmodSync(path, 0o755)
  return path
}

test('k6 is found on the PATH', () => {
  const path = pretend(join(scratch(), 'bin'), 'k6 v2.2.0 (commit/devel, go1.26.8, linux/amd64)')
  expect(findK6(`/nowhere:${join(path, '..')}`, '/nowhere')).toEqual({ program: path })
})

test('k6 is found where go puts it', () => {
  const home = scratch()
  const path = pretend(join(home, 'go/bin'), 'k6 v2.2.0 (go1.26.8, linux/amd64)')
  expect(findK6('/nowhere', home)).toEqual({ program: path })
})

test('without k6 it is said how to get it', () => {
  expect(findK6('/nowhere', scratch())).toEqual({ problem: expect.stringMatching(/go install go\.k6\.io\/k6\/v2@/) })
})

test.each(['k6 v1.8.1 (go1.25)', 'k6 v0.57.0', 'something else', ''])('%j is no k6 that the scripts run on', (says) => {
  const path = pretend(scratch(), says)
  expect(findK6(join(path, '..'), '/nowhere')).toEqual({
    problem: expect.stringMatching(/is no k6 2: [\s\S]+go install/),
  })
})
