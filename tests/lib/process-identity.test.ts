import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { endProcess, identify, isRunning, parseStat } from '../../src/lib/process-identity.ts'

test('reads state and start time past a name with spaces and brackets', () => {
  const rest = Array.from({ length: 49 }, (_, i) => String(i + 4)).join(' ')
  expect(parseStat(`4242 (a) b (c)) S ${rest}`)).toEqual({ state: 'S', started: '22' })
  expect(parseStat('garbage')).toBeUndefined()
})

test('knows this process, and no process under a pid that cannot be', () => {
  const self = identify(process.pid)
  expect(self?.pid).toBe(process.pid)
  expect(self?.started).not.toBe('')
  expect(identify(2_147_483_646)).toBeUndefined()
  expect(identify(Number.NaN)).toBeUndefined()
  expect(identify(-1)).toBeUndefined()
})

test('another process under the same pid is not the same process', () => {
  const self = identify(process.pid)
  expect(self && isRunning(self)).toBe(true)
  expect(self && isRunning({ ...self, started: '1' })).toBe(false)
})

test('ends a process that ignores the first signal', async () => {
  const child = spawn('/bin/sh', ['-c', 'trap "" TERM; echo on; while :; do sleep 0.1; done'])
  await once(child.stdout, 'data')
  const identity = identify(child.pid ?? 0)
  if (identity === undefined) throw new Error('the child is not there')
  const exited = once(child, 'exit')
  const ended = await endProcess(identity, [
    ['SIGTERM', 100],
    ['SIGKILL', 3000],
  ])
  expect(ended).toBe(true)
  expect((await exited)[1]).toBe('SIGKILL')
})
