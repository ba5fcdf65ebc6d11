import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { endOrphan, findOrphan, writePidFile } from '../../src/children/pid-file.ts'
import { runChild, type Command } from '../../src/children/run-child.ts'
import { createSupervisor, type ChildSpec, type Supervisor } from '../../src/children/supervisor.ts'
import { identify } from '../../src/lib/process-identity.ts'
import { recordingLogger } from '../support/logger.ts'
import { removeScratchAfterEach, scratch } from '../support/scratch.ts'

removeScratchAfterEach()
const supervisors: Supervisor[] = []
afterEach(async () => {
  for (const supervisor of supervisors.splice(0)) await supervisor.stop()
})

const shell = (script: string): Command => ({ program: '/bin/sh', args: ['-c', script], cwd: '/', env: {} })

function supervise(script: string, more: Partial<ChildSpec> = {}) {
  const log = recordingLogger()
  const lines: string[] = []
  const supervisor = createSupervisor(
    {
      name: 'Thing',
      command: () => shell(script),
      probe: { every: 10, check: () => lines.includes('up') },
      readyWithin: 5000,
      stopBy: [
        ['SIGTERM', 300],
        ['SIGKILL', 0],
      ],
      onLine: (line) => lines.push(line),
      ...more,
    },
    log,
  )
  supervisors.push(supervisor)
  const said = (level: string): string[] => log.lines.filter((line) => line.level === level).map((l) => l.message)
  return { supervisor, lines, said }
}

test('ready when it answers; stopped when asked; its output is logged at debug level', async () => {
  const { supervisor, said } = supervise('echo up; exec sleep 60')
  expect(supervisor.status).toEqual({ state: 'stopped', restarts: 0 })
  expect(await supervisor.start()).toMatchObject({ state: 'ready', restarts: 0 })
  const child = identify(supervisor.status.pid ?? 0)
  expect(child?.command[0]).toBe('sleep')
  expect(said('debug')).toEqual(['up'])
  await supervisor.stop()
  expect(identify(child?.pid ?? 0)).toBeUndefined()
  expect(supervisor.status).toMatchObject({ state: 'stopped', pid: undefined })
  expect(said('warn')).toEqual([])
})

test('killed: said once with its last words, started again, and said when it is back', async () => {
  const { supervisor, said } = supervise('echo up; echo my last words >&2; exec sleep 60')
  await supervisor.start()
  const before = supervisor.status.pid ?? 0
  await expect.poll(() => supervisor.tail.length).toBe(2)
  process.kill(before, 'SIGKILL')
  await expect.poll(() => supervisor.status, { timeout: 3000 }).toMatchObject({ state: 'ready', restarts: 1 })
  expect(supervisor.status.pid).not.toBe(before)
  expect(said('warn')).toEqual(['Thing ended by SIGKILL: my last words; starting it again'])
  expect(said('info')).toEqual(['Thing is ready again'])
})

test('a child that fails the same way again and again is said once', async () => {
  const { supervisor, said } = supervise('echo no such file >&2; exit 3')
  expect(await supervisor.start()).toMatchObject({ state: 'failed', reason: 'ended with exit code 3: no such file' })
  await expect.poll(() => supervisor.status.restarts, { timeout: 5000 }).toBeGreaterThanOrEqual(2)
  await expect.poll(() => supervisor.status.state).toBe('failed')
  expect(said('warn')).toEqual(['Thing ended with exit code 3: no such file; starting it again'])
})

test('a program that is not there, or a command that cannot be made, is a failure like any other', async () => {
  const missing = supervise('', { command: () => ({ ...shell(''), program: '/nonexistent/program' }) })
  expect(await missing.supervisor.start()).toMatchObject({ state: 'failed' })
  expect(missing.supervisor.status.reason).toMatch(/could not be started.*ENOENT/)
  const broken = supervise('', { command: () => Promise.reject(new Error('line 3 of the file is wrong')) })
  expect((await broken.supervisor.start()).reason).toBe('could not be started: line 3 of the file is wrong')
})

test('a first start that must succeed and fails is final and silent', async () => {
  const { supervisor, said } = supervise('echo wrong >&2; exit 1', { firstMustSucceed: true })
  expect(await supervisor.start()).toMatchObject({ state: 'failed', reason: 'ended with exit code 1: wrong' })
  await supervisor.stop()
  expect(supervisor.status.restarts).toBe(0)
  expect(said('warn')).toEqual([])
})

test('one that runs but never answers is ended and started again', async () => {
  const { supervisor } = supervise('exec sleep 60', { readyWithin: 100 })
  expect(await supervisor.start()).toMatchObject({ state: 'failed', reason: 'did not become ready within 0.1 s' })
})

test('one that ignores SIGTERM is killed', async () => {
  const { supervisor } = supervise('trap "" TERM; echo up; while :; do sleep 0.05; done')
  await supervisor.start()
  const { pid = 0 } = supervisor.status
  await supervisor.stop()
  expect(identify(pid)).toBeUndefined()
})

test('stopping while it starts, or while it waits to start again, ends it for good', async () => {
  const starting = supervise('exec sleep 60')
  void starting.supervisor.start()
  await starting.supervisor.stop()
  expect(starting.supervisor.status.state).toBe('stopped')
  const failing = supervise('exit 1')
  await failing.supervisor.start()
  await failing.supervisor.stop()
  expect(failing.supervisor.status.state).toBe('stopped')
})

test('the child sees no environment but what is named', async () => {
  const child = runChild({ ...shell('env'), env: { ONLY: 'this' } })
  await child.exited
  expect(child.tail.filter((line) => !/^(PWD|SHLVL|_|OLDPWD)=/.test(line))).toEqual(['ONLY=this'])
})

test('an orphan is known by pid, start time and program, and only then ended', async () => {
  const file = join(scratch(), 'thing.pid')
  const child = runChild({ ...shell(''), program: '/bin/sleep', args: ['60'] })
  const pid = child.pid ?? 0
  await expect.poll(() => identify(pid)?.command[0]).toBe('/bin/sleep')
  writePidFile(file, pid, '/usr/bin/other')
  expect(findOrphan(file)).toBeUndefined()
  writePidFile(file, pid, '/usr/bin/sleep')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(/\n\d+\n/, '\n1\n'))
  expect(await endOrphan(file)).toBeUndefined()
  expect(identify(pid)).toBeDefined()
  expect(existsSync(file)).toBe(false)
  writeFileSync(file, text)
  expect(await endOrphan(file)).toBe(pid)
  expect((await child.exited).signal).toBe('SIGTERM')
})
