import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRemoteStatfs, parseStat, type RemoteStatfs } from '../../../src/exporters/host/lib/remote-statfs.ts'

const { signal } = new AbortController()
const space = { size: 4_096_000, free: 2_048_000, available: 1_638_400, files: 100, filesFree: 50 }

let folder: string
let program: string
let remote: RemoteStatfs | undefined

/** A `stat` that hangs for as long as the file `hang-<name of the mount>` exists, and notes each of its processes. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aura-statfs-'))
  program = join(folder, 'stat')
  writeFileSync(join(folder, 'started'), '')
  const script = `#!/bin/sh
for path; do :; done
echo "$$ $path" >> '${folder}/started'
while [ -e "${folder}/hang-$(basename "$path")" ]; do sleep 0.02; done
echo '4096 1000 500 400 100 50'
`
  writeFileSync(program, script, { mode: 0o755 })
})

afterEach(() => {
  remote?.stop()
  rmSync(folder, { recursive: true })
})

const hang = (mount: string): void => writeFileSync(join(folder, `hang-${mount}`), '')
const answerAgain = (mount: string): void => rmSync(join(folder, `hang-${mount}`))
const started = (): number[] =>
  readFileSync(join(folder, 'started'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Number(line.split(' ')[0]))

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function eventually(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 3000; !condition();) {
    if (Date.now() > end) throw new Error('it did not happen within 3 s')
    await pause(10)
  }
}

test('a mount that hangs leaves the others their answer', async () => {
  hang('dead')
  remote = createRemoteStatfs({ program, timeout: 200 })
  const [dead, well] = await Promise.all([remote.ask('/mnt/dead', signal), remote.ask('/mnt/well', signal)])
  expect(dead).toBeUndefined()
  expect(well).toEqual(space)
})

test('a mount that hangs has one child, however often it is asked, and costs no more waiting', async () => {
  hang('dead')
  remote = createRemoteStatfs({ program, timeout: 200 })
  await remote.ask('/mnt/dead', signal)
  await eventually(() => started().length === 1)
  const begin = performance.now()
  for (let scrape = 0; scrape < 50; scrape++) expect(await remote.ask('/mnt/dead', signal)).toBeUndefined()
  expect(performance.now() - begin).toBeLessThan(3000)
  expect(started()).toHaveLength(1)
})

test('the first scrape after a mount answers again has its size', async () => {
  hang('dead')
  remote = createRemoteStatfs({ program, timeout: 200, grace: 2000 })
  expect(await remote.ask('/mnt/dead', signal)).toBeUndefined()
  await eventually(() => started().length === 1)
  const [probe = 0] = started()
  answerAgain('dead')
  await eventually(() => !alive(probe))
  expect(await remote.ask('/mnt/dead', signal)).toEqual(space)
})

test('a child that hangs too long is killed, and one follows when the mount is asked again', async () => {
  hang('dead')
  remote = createRemoteStatfs({ program, timeout: 100, grace: 10, patience: 1000 })
  await remote.ask('/mnt/dead', signal)
  await eventually(() => started().length === 1)
  const [first = 0] = started()
  await eventually(() => !alive(first))
  expect(started()).toEqual([first])
  await pause(20)
  await remote.ask('/mnt/dead', signal)
  await eventually(() => started().length === 2)
  expect(started().filter(alive)).toHaveLength(1)
})

test('stop leaves no child', async () => {
  hang('dead')
  hang('dying')
  remote = createRemoteStatfs({ program, timeout: 100 })
  await Promise.all([remote.ask('/mnt/dead', signal), remote.ask('/mnt/dying', signal)])
  await eventually(() => started().filter(alive).length === 2)
  remote.stop()
  await eventually(() => !started().some(alive))
})

test('a mount that is gone takes its child with it', async () => {
  hang('dead')
  remote = createRemoteStatfs({ program, timeout: 100 })
  await remote.ask('/mnt/dead', signal)
  await eventually(() => started().length === 1)
  remote.keepOnly(new Set(['/mnt/other']))
  await eventually(() => !started().some(alive))
})

test('a scrape that is given up does not wait', async () => {
  hang('dead')
  remote = createRemoteStatfs({ program, timeout: 60_000 })
  const scrape = new AbortController()
  const asked = remote.ask('/mnt/dead', scrape.signal)
  scrape.abort()
  expect(await asked).toBeUndefined()
})

test('a program that fails or does not exist is a mount without an answer', async () => {
  const nowhere = createRemoteStatfs({ program: join(folder, 'missing'), timeout: 2000 })
  expect(await nowhere.ask('/mnt/well', signal)).toBeUndefined()
  const failing = createRemoteStatfs({ program: 'false', timeout: 2000 })
  expect(await failing.ask('/mnt/well', signal)).toBeUndefined()
})

test('the real stat and statfs agree on the root directory', async () => {
  const real = createRemoteStatfs({ timeout: 2000 })
  const answer = await real.ask('/', signal)
  expect(answer?.size).toBeGreaterThan(0)
  expect(answer?.free).toBeLessThanOrEqual(answer?.size ?? 0)
})

test.each(['', '4096 1 2 3', 'stat: cannot read', '4096 1000 500 400 100 x'])('%j is no answer', (text) => {
  expect(parseStat(text)).toBeUndefined()
})
