import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { removeScratchAfterEach, scratch } from '../support/scratch.ts'

removeScratchAfterEach()

test('a section that cannot run costs nothing of what the others found, and the exit code tells', () => {
  const file = join(scratch(), 'bench.ts')
  const lib = join(import.meta.dirname, '../../bench/lib')
  writeFileSync(
    file,
    `import { runBench } from ${JSON.stringify(join(lib, 'bench.ts'))}
     import { valueTarget } from ${JSON.stringify(join(lib, 'targets.ts'))}
     await runBench({
       name: 'bench', usage: '', thorough: {}, quick: {}, sections: ['one', 'two', 'three'],
       run: (play) => play({
         one: async () => [valueTarget('first', 8, 'ms', 5)],
         two: async () => { throw new Error('no compiler') },
         three: async () => [valueTarget('third', 8, 'ms', 9)],
       }),
     })`,
  )
  const { status, stdout } = spawnSync(process.execPath, [file], { encoding: 'utf8' })
  expect(stdout).toContain('two could not run: no compiler')
  expect(stdout).toMatch(/first +<= 8 ms +5\.0 ms +met/)
  expect(stdout).toMatch(/two +runs +did not run +MISSED/)
  expect(stdout).toMatch(/third +<= 8 ms +9\.0 ms +MISSED/)
  expect(status).toBe(1)
})
