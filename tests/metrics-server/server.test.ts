import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createPages } from '../../src/exporters/pages.ts'
import { createRunner, everything } from '../../src/exporters/runner.ts'
import { deadline } from '../../src/metrics-server/routes.ts'
import { parseLimits } from '../../src/metrics-server/process-metrics.ts'
import { gauge, type Exposition } from '../../src/lib/exposition.ts'
import { parseExposition } from '../support/exposition.ts'
import { metricsServer } from '../support/metrics-server.ts'
import { quiet, recordingLogger } from '../support/logger.ts'

const value = gauge('t_value', 'A value.', 'from')
const one = { name: 'one', read: () => 1, write: (_: unknown, out: Exposition) => out.set(value, 1, 'one') }

test('each page parses, and /metrics/all repeats no family', async () => {
  await using server = await metricsServer([one])
  for (const path of ['/metrics', '/metrics/t', '/metrics/all']) {
    const response = await fetch(server.url + path)
    expect(response.headers.get('content-type'), path).toBe('text/plain; version=0.0.4; charset=utf-8')
    const page = parseExposition(await response.text())
    expect(page.get('process_resident_memory_bytes')?.samples.get('')).toBeGreaterThan(1e6)
    if (path !== '/metrics') expect(page.get('t_value')?.samples.get('{from="one"}')).toBe(1)
  }
  expect(await (await fetch(server.url)).text()).toContain('href="/metrics/t"')
})

test('collect[] and exclude[] filter; what no collector is called is refused with the names there are', async () => {
  await using server = await metricsServer([one, { ...one, name: 'two', write: () => undefined }])
  const get = (query: string) => fetch(`${server.url}/metrics/t?${query}`)
  const page = parseExposition(await (await get('exclude[]=one')).text())
  expect([...(page.get('t_scrape_collector_success')?.samples.keys() ?? [])]).toEqual(['{collector="two"}'])
  for (const [query, words] of [
    ['collect[]=nope', 'no collector is called nope; there are one, two'],
    ['collect[]=one&exclude[]=two', 'cannot be combined'],
  ] as const) {
    const response = await get(query)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain(words)
  }
})

test('unknown paths and methods are refused; HEAD sends no body', async () => {
  await using server = await metricsServer([one])
  expect((await fetch(`${server.url}/nope`)).status).toBe(404)
  expect((await fetch(`${server.url}/metrics/t`, { method: 'POST' })).status).toBe(405)
  const head = await fetch(`${server.url}/metrics/t`, { method: 'HEAD' })
  expect(head.status).toBe(200)
  expect(await head.text()).toBe('')
})

test('the answer comes before the scraper gives up, with what could be read', async () => {
  const stuck = { name: 'stuck', read: () => new Promise(() => undefined), write: () => undefined }
  await using server = await metricsServer([one, stuck], { timeout: '60s' })
  const start = Date.now()
  const headers = { 'X-Prometheus-Scrape-Timeout-Seconds': '1' }
  const page = parseExposition(await (await fetch(`${server.url}/metrics/t`, { headers })).text())
  expect(Date.now() - start).toBeLessThan(3000)
  expect(page.get('t_value')?.samples.get('{from="one"}')).toBe(1)
  expect(page.get('t_scrape_collector_success')?.samples.get('{collector="stuck"}')).toBe(0)
})

test('requests of the same turn share one reading, taken after the last of them; later ones get a new one', async () => {
  let reads = 0
  const counting = { name: 'counting', read: () => ++reads, write: () => undefined }
  const runner = createRunner({ prefix: 't', collectors: [counting] }, quiet)
  const pages = createPages()
  const get = () => pages([runner], everything, 1000)
  const first = [get(), get(), get()]
  expect(reads).toBe(0)
  await Promise.all(first)
  expect(reads).toBe(1)
  await get()
  expect(reads).toBe(2)
})

test('a scraper that hangs up in the middle leaves the server well', async () => {
  const slow = { name: 'slow', read: () => sleep(50), write: () => undefined }
  const log = recordingLogger()
  await using server = await metricsServer([slow], { log })
  const cut = request(`${server.url}/metrics/t`)
  cut.on('error', () => undefined)
  cut.end()
  await sleep(10)
  cut.destroy()
  expect((await fetch(`${server.url}/metrics/t`)).status).toBe(200)
  expect(log.lines.filter(({ level }) => level === 'error')).toEqual([])
})

test('deadline: half a second before the scraper, half of a short patience, never more than configured', () => {
  expect(deadline(undefined, 2500)).toBe(2500)
  expect(deadline(10_000, 2500)).toBe(2500)
  expect(deadline(2000, 2500)).toBe(1500)
  expect(deadline(600, 2500)).toBe(300)
})

test('limits: numbers, and unlimited as Go spells it', () => {
  const text =
    'Limit  Soft Limit  Hard Limit  Units\nMax open files  1024  4096  files\nMax address space  unlimited  unlimited  bytes\n'
  expect(parseLimits(text)).toEqual({ maxFds: 1024, virtualMax: 2 ** 64 })
})
