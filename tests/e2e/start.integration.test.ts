import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findFreePort } from '../../src/lib/free-port.ts'
import { runAura, type AuraProcess } from '../support/aura.ts'
import { parseExposition } from '../support/exposition.ts'
import { descendants, stillRunning } from '../support/process-tree.ts'
import { installed } from '../support/programs.ts'

const prometheus = installed('scrapes by a real Prometheus', 'prometheus')
const table = /console +(http:\S+).*\n +metrics +(http:\S+)\/metrics /

/** Ports that a Prometheus or Aura of this machine does not use. */
async function ports(): Promise<Record<string, string>> {
  const [first = 0, second = 0] = [await findFreePort(21_090), await findFreePort(22_093)]
  return { AURA_PROMETHEUS_PORT: String(first), AURA_ALERTMANAGER_PORT: String(second) }
}

async function ready(aura: AuraProcess): Promise<{ console: string; metrics: string; prometheus: string | undefined }> {
  const [, consoleUrl = '', metrics = ''] = await aura.until(table, 60_000)
  return { console: consoleUrl, metrics, prometheus: /Prometheus +(http:\S+) +ready/.exec(aura.output())?.[1] }
}

async function page(url: string) {
  return parseExposition(await (await fetch(url)).text())
}

const started: AuraProcess[] = []
afterAll(() => Promise.all(started.map((aura) => aura[Symbol.asyncDispose]())))

test('one command: real values everywhere, every Prometheus job up, and Ctrl-C ends every child', async () => {
  await using aura = runAura(['start'], await ports())
  const urls = await ready(aura)
  expect(await (await fetch(`${urls.console}/readyz`)).json()).toEqual({ status: 'ok', checks: { database: 'ok' } })
  const host = await page(`${urls.metrics}/metrics/host`)
  const total = Number(/MemTotal: +(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1024
  expect(host.get('node_memory_MemTotal_bytes')?.samples.get('')).toBe(total)
  const postgres = await page(`${urls.metrics}/metrics/postgres`)
  expect(postgres.get('pg_up')?.samples.get('')).toBe(1)
  expect([...(postgres.get('pg_static')?.samples.keys() ?? [])].join()).toContain('short_version="18.')
  const all = await page(`${urls.metrics}/metrics/all`)
  for (const family of ['aura_build_info', 'node_load1', 'pg_up', 'ollama_up', 'gpu_scrape_collector_success']) {
    expect(all.has(family), family).toBe(true)
  }
  if (prometheus !== undefined) {
    expect(urls.prometheus).toBeDefined()
    await expect
      .poll(() => jobsUp(urls.prometheus ?? ''), { timeout: 40_000, interval: 500 })
      .toEqual({
        alertmanager: 1,
        aura: 1,
        gpu: 1,
        node: 1,
        ollama: 1,
        postgres: 1,
        prometheus: 1,
      })
  }
  const children = descendants(aura.child.pid ?? 0)
  expect(children.length).toBeGreaterThan(0)
  expect(await aura.stop('SIGINT')).toBe(0)
  expect(stillRunning(children)).toEqual([])
})

async function jobsUp(url: string): Promise<Record<string, number>> {
  const answer = await (await fetch(`${url}/api/v1/query?query=up`)).json()
  const { result } = (answer as { data: { result: { metric: { job: string }; value: [number, string] }[] } }).data
  return Object.fromEntries(result.map(({ metric, value }) => [metric.job, Number(value[1])]))
}

test('killed with -9: its children end or are ended, and the next start finds the same database', async () => {
  const env = await ports()
  const first = runAura(['start'], env)
  started.push(first)
  await ready(first)
  const children = descendants(first.child.pid ?? 0)
  await first.stop('SIGKILL')
  await using second = runAura(['start'], env, first.directory)
  await ready(second)
  expect(second.output()).not.toContain('migrations')
  await second.stop()
  await expect.poll(() => stillRunning(children), { timeout: 10_000 }).toEqual([])
})

test('a second Aura on the same data directory is refused at once, and the first goes on', async () => {
  const env = await ports()
  await using first = runAura(['start'], env)
  const urls = await ready(first)
  await using second = runAura(['start'], await ports(), first.directory)
  await once(second.child, 'close')
  expect(second.child.exitCode).toBe(1)
  expect(second.output().trim()).toBe(
    `another Aura (pid ${first.child.pid}) uses ${join(first.directory, '.aura')}: end it, or set AURA_DATA_DIR to a directory of its own`,
  )
  expect((await fetch(`${urls.console}/readyz`)).status).toBe(200)
})

test('a port that is taken is one line and exit code 1; a wrong value is one line and exit code 2', async () => {
  const squatter = createServer()
  squatter.listen(0, '127.0.0.1')
  await once(squatter, 'listening')
  const { port } = squatter.address() as AddressInfo
  try {
    await using taken = runAura(['exporter', 'host'], { AURA_METRICS_PORT: String(port) })
    await once(taken.child, 'close')
    expect(taken.child.exitCode).toBe(1)
    expect(taken.output()).toBe(
      `port ${port} on 127.0.0.1 is taken by another program; end it or set AURA_METRICS_PORT\n`,
    )
  } finally {
    squatter.close()
  }
  await using wrong = runAura(['start'], { AURA_SERVER_PORT: 'abc' })
  await once(wrong.child, 'close')
  expect(wrong.child.exitCode).toBe(2)
  expect(wrong.output()).toBe('server.port: "abc" is not allowed: integer, 0 to 65535; set by AURA_SERVER_PORT\n')
})

test('config print hides secrets and says where values come from', async () => {
  await using print = runAura(['config', 'print'], { AURA_DATABASE_URL: 'postgres://u:hunter2@h/d' })
  await once(print.child, 'close')
  expect(print.child.exitCode).toBe(0)
  expect(print.output()).toContain('database.url = "(hidden)"  # AURA_DATABASE_URL')
  expect(print.output()).not.toContain('hunter2')
})

test('help and unknown commands', async () => {
  await using help = runAura(['--help'])
  await once(help.child, 'close')
  expect(help.child.exitCode).toBe(0)
  expect(help.output()).toContain('Usage: aura [command]')
  await using unknown = runAura(['strat'])
  await once(unknown.child, 'close')
  expect(unknown.child.exitCode).toBe(2)
  expect(unknown.output()).toContain('no such command: strat')
})
