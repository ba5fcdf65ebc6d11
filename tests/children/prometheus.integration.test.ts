import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fastify, type FastifyInstance } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { findProgram } from '../../src/children/find-program.ts'
import { createHttpGet } from '../../src/lib/http-get.ts'
import { endProcess, identify } from '../../src/lib/process-identity.ts'
import prometheus, { type PrometheusPluginOptions } from '../../src/plugins/prometheus.ts'
import { recordingLogger } from '../support/logger.ts'
import { runAura } from '../support/run-aura.ts'
import { removeScratchAfterEach, scratch } from '../support/scratch.ts'

const searchPath = '/usr/local/bin:/usr/bin:/bin'
const found = (names: string[]): string | undefined => findProgram(names, searchPath)
const installed =
  found(['prometheus']) !== undefined && found(['alertmanager', 'prometheus-alertmanager']) !== undefined
if (!installed)
  console.warn('skipped: Prometheus or Alertmanager is not installed (apt install prometheus prometheus-alertmanager)')
const withServers = test.skipIf(!installed)

removeScratchAfterEach()
const apps: FastifyInstance[] = []
const servers: Server[] = []
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close()
  for (const server of servers.splice(0)) server.close()
})

async function listen(answer = 'hello'): Promise<number> {
  const server = createServer((_request, response) => response.end(answer)).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function freePort(): Promise<number> {
  const port = await listen()
  const server = servers.pop()
  server?.close()
  if (server) await once(server, 'close')
  return port
}

async function options(more: Partial<PrometheusPluginOptions> = {}): Promise<PrometheusPluginOptions> {
  return {
    dataDir: scratch(),
    configDir: join(import.meta.dirname, '../../prometheus'),
    searchPath,
    prometheus: {
      enabled: true,
      program: '',
      port: await freePort(),
      retention: '1h',
      grafana_url: 'http://127.0.0.1:3000',
      remote_write_receiver: false,
    },
    alertmanager: { enabled: true, program: '', port: await freePort(), retention: '1h', delivery_token: '' },
    metrics: { host: '127.0.0.1', port: await listen('up_and_running 1\n') },
    ...more,
  }
}

async function start(given: PrometheusPluginOptions) {
  const log = recordingLogger()
  const app = fastify()
  app.log = Object.assign(app.log, log)
  apps.push(app)
  await app.register(prometheus, given)
  await app.children.settled(20_000)
  const messages = (): string[] => log.lines.filter(({ level }) => level !== 'debug').map(({ message }) => message)
  return { app, children: app.children, messages }
}

const get = async (address: string | undefined, path: string): Promise<unknown> =>
  JSON.parse((await createHttpGet(3000)(`http://${address}${path}`)).body)

interface Targets {
  data: { activeTargets: { labels: { job: string }; health: string; lastError: string }[] }
}

withServers('both become ready, every job is up, and closing ends them', async () => {
  const given = await options()
  const { app, children } = await start(given)
  expect(children.prometheus.status).toMatchObject({ state: 'ready', restarts: 0 })
  expect(children.alertmanager.status).toMatchObject({ state: 'ready', restarts: 0 })
  expect(children.prometheus.address).toBe(`127.0.0.1:${given.prometheus.port}`)
  const health = async (): Promise<object> => {
    const { data } = (await get(children.prometheus.address, '/api/v1/targets')) as Targets
    return Object.fromEntries(data.activeTargets.map((target) => [target.labels.job, target.health + target.lastError]))
  }
  const jobs = ['node', 'postgres', 'gpu', 'ollama', 'aura', 'prometheus', 'alertmanager']
  await expect
    .poll(health, { timeout: 40_000, interval: 500 })
    .toEqual(Object.fromEntries(jobs.map((job) => [job, 'up'])))
  const known = (await get(children.prometheus.address, '/api/v1/alertmanagers')) as {
    data: { activeAlertmanagers: { url: string }[] }
  }
  expect(known.data.activeAlertmanagers[0]?.url).toContain(children.alertmanager.address)
  const pids = [children.prometheus.status.pid ?? 0, children.alertmanager.status.pid ?? 0]
  await app.close()
  expect(pids.map((pid) => identify(pid))).toEqual([undefined, undefined])
  expect(children.prometheus.status.state).toBe('stopped')
  expect(existsSync(join(given.dataDir, 'prometheus.pid'))).toBe(false)
})

withServers('killed, it is started again', async () => {
  const { children, messages } = await start(await options())
  const before = children.prometheus.status.pid ?? 0
  process.kill(before, 'SIGKILL')
  await expect
    .poll(() => children.prometheus.status, { timeout: 15_000 })
    .toMatchObject({ state: 'ready', restarts: 1 })
  expect(children.prometheus.status.pid).not.toBe(before)
  expect(messages().join('\n')).toMatch(/Prometheus ended by SIGKILL.*starting it again\nPrometheus is ready again/)
})

withServers('one that runs already is used, and outlives us', async () => {
  const first = await start(await options())
  const port = Number(first.children.prometheus.address?.split(':')[1])
  const given = await options()
  const second = await start({ ...given, prometheus: { ...given.prometheus, port } })
  expect(second.children.prometheus.status).toMatchObject({ state: 'foreign' })
  expect(second.children.prometheus.address).toBe(first.children.prometheus.address)
  expect(second.messages()).toEqual([
    `Prometheus already runs on port ${port} and is used; Aura starts none of its own`,
  ])
  await second.app.close()
  expect(await get(first.children.prometheus.address, '/api/v1/status/buildinfo')).toMatchObject({ status: 'success' })
})

withServers('something else on the port: another port is taken and said', async () => {
  const given = await options()
  const port = await listen('I am no Prometheus')
  const { children, messages } = await start({ ...given, prometheus: { ...given.prometheus, port } })
  expect(children.prometheus.status.state).toBe('ready')
  const taken = Number(children.prometheus.address?.split(':')[1])
  expect(taken).toBeGreaterThan(port)
  expect(messages()).toEqual([`port ${port} is in use by another program; Prometheus takes ${taken}`])
})

withServers('after kill -9 the next start ends what was left and runs its own', async () => {
  const given = await options()
  const first = await runAura({ children: given })
  if (first.report.error !== undefined) throw new Error(first.report.error.message)
  const old = identify(first.report.children?.prometheus.pid ?? 0)
  if (old === undefined) throw new Error('Prometheus is not there')
  await first.end('SIGKILL')
  // With a parent-death signal it is gone by itself; this is the server of a system without one.
  await endProcess(old, [['SIGTERM', 5000]])
  const orphan = spawn(old.command[0] ?? '', old.command.slice(1), { stdio: 'ignore', env: {} })
  const gone = once(orphan, 'exit')
  const started = identify(orphan.pid ?? 0)?.started
  const { writePidFile } = await import('../../src/children/pid-file.ts')
  writePidFile(join(given.dataDir, 'prometheus.pid'), orphan.pid ?? 0, old.command[0] ?? '')
  expect(started).toBeDefined()
  const second = await start(given)
  await gone
  expect(second.children.prometheus.status).toMatchObject({ state: 'ready' })
  expect(second.children.prometheus.address).toBe(`127.0.0.1:${given.prometheus.port}`)
  expect(second.messages().join('\n')).toContain(`left behind (pid ${orphan.pid})`)
})

withServers('SIGTERM to Aura ends both before it', async () => {
  const given = await options()
  const aura = await runAura({ children: given })
  if (aura.report.error !== undefined) throw new Error(aura.report.error.message)
  const pids = Object.values(aura.report.children ?? {}).map(({ pid }) => pid ?? 0)
  expect(pids.map((pid) => identify(pid) !== undefined)).toEqual([true, true])
  await aura.end('SIGTERM')
  expect(aura.process.exitCode).toBe(0)
  expect(pids.map((pid) => identify(pid))).toEqual([undefined, undefined])
})

test('not installed: said once with how to get it, and nothing else happens', async () => {
  const { children, messages } = await start(await options({ searchPath: scratch() }))
  expect(children.prometheus.status).toMatchObject({ state: 'absent' })
  expect(children.prometheus.address).toBeUndefined()
  expect(messages()).toEqual([
    'Alertmanager is not installed, and Aura runs without it; to get it: apt install prometheus-alertmanager, or https://prometheus.io/download/',
    'Prometheus is not installed, and Aura runs without it; to get it: apt install prometheus, or https://prometheus.io/download/',
  ])
})

test('switched off: silent', async () => {
  const given = await options()
  const off = {
    ...given,
    prometheus: { ...given.prometheus, enabled: false },
    alertmanager: { ...given.alertmanager, enabled: false },
  }
  const { children, messages } = await start(off)
  expect(children.alertmanager.status).toMatchObject({ state: 'absent', reason: 'switched off' })
  expect(messages()).toEqual([])
})

withServers.each([
  [true, 204],
  [false, 404],
])('others may write into it: %s', async (remote_write_receiver, status) => {
  const given = await options()
  const { children } = await start({ ...given, prometheus: { ...given.prometheus, remote_write_receiver } })
  // An empty message, in the compression that remote write has.
  const headers = { 'content-encoding': 'snappy', 'content-type': 'application/x-protobuf' }
  const body = new Uint8Array([0])
  const answer = await fetch(`http://${children.prometheus.address}/api/v1/write`, { method: 'POST', headers, body })
  expect(answer.status).toBe(status)
})

withServers('a mistake in prometheus.yml is quoted, and does not stop Aura', async () => {
  const configDir = scratch()
  mkdirSync(join(configDir, 'rules'))
  const { children } = await start(await options({ configDir }))
  expect(children.prometheus.status.state).toBe('failed')
  expect(children.prometheus.status.reason).toMatch(/could not be started: ENOENT.*prometheus\.yml/)
})

const tools = [
  ['promtool', ['check', 'config'], 'prometheus.yml'],
  ['amtool', ['check-config'], 'alertmanager.yml'],
] as const
for (const [tool, args, file] of tools) {
  const program = found([tool])
  if (program === undefined) console.warn(`skipped: ${tool} is not installed`)
  test.skipIf(program === undefined)(`${tool} accepts ${file}`, () => {
    const path = join(import.meta.dirname, '../../prometheus', file)
    expect(readFileSync(path, 'utf8')).toContain('#')
    const { status, stdout, stderr } = spawnSync(program ?? '', [...args, path], { encoding: 'utf8' })
    expect(`${stdout}${stderr}`).toContain('SUCCESS')
    expect(status).toBe(0)
  })
}
