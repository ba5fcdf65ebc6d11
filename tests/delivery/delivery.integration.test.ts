import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAura, type AuraProcess } from '../support/aura.ts'
import { findPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts'
import { installed } from '../support/programs.ts'
import { startHome, type Home } from './home.ts'
import { links, startReceiver, startStage, token, type Receiver, type Told } from './stage.ts'

const prometheus = installed('alerts are delivered', 'prometheus')
const alertmanager = installed('alerts are delivered', 'alertmanager', 'prometheus-alertmanager')
const major = [18, 17, 16, 15].find((candidate) => findPostgres(candidate) !== undefined)
const ready = prometheus !== undefined && alertmanager !== undefined && major !== undefined

const directories: string[] = []
function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'aura-delivery-'))
  directories.push(directory)
  return directory
}

const run = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0

/** A small file system in a file, mounted; undefined where one may not mount. */
function mountImage(): string | undefined {
  const directory = scratch()
  const [image, mounted] = [join(directory, 'image'), join(directory, 'mounted')]
  mkdirSync(mounted)
  closeSync(openSync(image, 'w'))
  truncateSync(image, 12 * 2 ** 20)
  if (run('mkfs.ext4', '-q', '-F', '-m', '0', image) && run('mount', '-o', 'loop', image, mounted)) return mounted
  console.warn('skipped: a full file system is delivered (no right to mount one)')
  return undefined
}

/** Writes until nothing more fits. */
function fill(folder: string): string {
  const path = join(folder, 'full')
  const file = openSync(path, 'w')
  try {
    for (const block = Buffer.alloc(2 ** 16); ;) writeSync(file, block)
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' })
  } finally {
    closeSync(file)
  }
  return path
}

const image = ready ? mountImage() : undefined
let receiver: Receiver
let server: TestPostgres
/** The exporters alone, of the PostgreSQL that stops. */
let exporter: AuraProcess
let home: Home
let stage: AsyncDisposable

beforeAll(async () => {
  if (!ready) return
  receiver = await startReceiver()
  server = await startPostgres(major)
  exporter = runAura(['exporter', 'host,postgres'], { AURA_DATABASE_URL: server.url })
  const [, metrics = ''] = await exporter.until(/http:\/\/(127\.0\.0\.1:\d+)/)
  home = await startHome(scratch())
  const doors = { people: { url: receiver.url, token }, aura: { url: home.webhook, token: home.token } }
  stage = await startStage({ prometheus, alertmanager }, scratch(), { metrics, aura: home.metrics }, doors)
})
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]()
  await home?.[Symbol.asyncDispose]()
  await exporter?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
  await receiver?.[Symbol.asyncDispose]()
  if (image !== undefined) run('umount', image)
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

/** What was told of an alert, in order. */
const of = (name: string, more: Told['labels'] = {}): Told[] =>
  receiver.told.filter(
    ({ labels }) => labels['alertname'] === name && Object.entries(more).every(([key, value]) => labels[key] === value),
  )
const last = (name: string, more?: Told['labels']) => of(name, more).at(-1)?.status
const soon = { timeout: 40_000, interval: 200 }

test.skipIf(!ready)('PostgreSQL stops: whoever is on duty is told why, and once it is back that it is', async () => {
  expect(of('PostgreSQLDown')).toEqual([])
  await server.stop()
  await expect.poll(() => last('PostgreSQLDown'), soon).toBe('firing')
  const [told] = of('PostgreSQLDown')
  expect(told).toMatchObject({ receiver: 'page', labels: { severity: 'critical', component: 'postgres' } })
  expect(told?.annotations['summary']).toMatch(/^PostgreSQL watched by 127\.0\.0\.1:\d+ does not answer$/)
  expect(told?.annotations).toMatchObject({
    runbook_url: `${links.console}/runbook.html#postgresqldown`,
    dashboard_url: `${links.grafana}/d/aura-postgres`,
  })
  expect(Object.keys(told?.labels ?? {}).filter((name) => name.startsWith('aura_'))).toEqual([])
  await expect.poll(() => home.delivered('PostgreSQLDown'), soon).toEqual(['firing'])
  await server.start()
  await expect.poll(() => last('PostgreSQLDown'), soon).toBe('resolved')
  await expect.poll(() => home.delivered('PostgreSQLDown'), soon).toEqual(['resolved'])
  expect(receiver.refused()).toBe(0)
})

test.skipIf(image === undefined)('a file system has no space left: told, and once it has that too', async () => {
  const mountpoint = image ?? ''
  const path = fill(mountpoint)
  await expect.poll(() => last('NodeFilesystemOutOfSpace', { mountpoint }), soon).toBe('firing')
  expect(of('NodeFilesystemOutOfSpace', { mountpoint })[0]).toMatchObject({ receiver: 'page' })
  rmSync(path)
  await expect.poll(() => last('NodeFilesystemOutOfSpace', { mountpoint }), soon).toBe('resolved')
})

test.skipIf(!ready)('passwords are guessed: whoever is on duty is told, until somebody has seen to it', async () => {
  const rule = 'failed-sign-ins'
  expect(of('SecurityAlertOpen', { rule })).toEqual([])
  await home.guessPasswords()
  await expect.poll(() => last('SecurityAlertOpen', { rule }), soon).toBe('firing')
  const [told] = of('SecurityAlertOpen', { rule })
  expect(told).toMatchObject({ receiver: 'day', labels: { severity: 'warning', component: 'aura' } })
  await expect.poll(() => home.delivered('SecurityAlertOpen'), soon).toEqual(['firing'])
  await home.acknowledge(rule)
  await expect.poll(() => last('SecurityAlertOpen', { rule }), soon).toBe('resolved')
  await expect.poll(() => home.delivered('SecurityAlertOpen'), soon).toEqual(['resolved'])
})
