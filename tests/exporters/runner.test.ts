import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { UnavailableError } from '../../src/errors.ts'
import type { Collector, Exporter } from '../../src/exporters/exporter.ts'
import { createRunner, everything } from '../../src/exporters/runner.ts'
import { createExposition, gauge } from '../../src/lib/exposition.ts'
import { parseExposition, type Family } from '../support/exposition.ts'
import { recordingLogger } from '../support/logger.ts'

const value = gauge('t_value', 'A value.', 'from')

function collector(name: string, read: Collector<number>['read']): Collector<number> {
  return { name, read, write: (reading, out) => out.set(value, reading, name) }
}

function setup(...collectors: Collector<number>[]) {
  const log = recordingLogger()
  const exporter: Exporter = { prefix: 't', collectors }
  const runner = createRunner(exporter, log)
  const scrape = async (deadline = 50, filter = everything): Promise<Map<string, Family>> => {
    const out = createExposition()
    await runner.scrape(filter, deadline, out)
    return parseExposition(out.text())
  }
  return { log, runner, scrape }
}

const success = (page: Map<string, Family>, name: string): number | undefined =>
  page.get('t_scrape_collector_success')?.samples.get(`{collector="${name}"}`)

test('a collector that fails leaves the others alone, and its series vanish', async () => {
  let broken = true
  const { scrape, log } = setup(
    collector('good', () => 1),
    collector('bad', () => {
      if (broken) throw new Error('no such luck')
      return 2
    }),
  )
  const first = await scrape()
  expect(success(first, 'good')).toBe(1)
  expect(success(first, 'bad')).toBe(0)
  expect([...(first.get('t_value')?.samples.keys() ?? [])]).toEqual(['{from="good"}'])
  await scrape()
  broken = false
  expect((await scrape()).get('t_value')?.samples.get('{from="bad"}')).toBe(2)
  expect(log.lines.map(({ level, message }) => [level, message])).toEqual([
    ['warn', 'collector fails'],
    ['info', 'collector works again'],
  ])
})

test('a read that hangs costs one deadline, is aborted, and never stalls a second scrape', async () => {
  let release: ((n: number) => void) | undefined
  let reads = 0
  const signals: AbortSignal[] = []
  const { scrape } = setup(
    collector('good', () => 1),
    collector('stuck', (signal) => {
      reads++
      signals.push(signal)
      return new Promise((resolve) => (release = resolve))
    }),
  )
  expect(success(await scrape(), 'stuck')).toBe(0)
  expect(signals[0]?.aborted).toBe(true)
  const start = Date.now()
  const second = await scrape(60_000)
  expect(Date.now() - start).toBeLessThan(3000)
  expect(success(second, 'good')).toBe(1)
  expect(success(second, 'stuck')).toBe(0)
  expect(reads).toBe(1)
  release?.(7)
  await sleep(1)
  const third = scrape(1000)
  release?.(8)
  expect((await third).get('t_value')?.samples.get('{from="stuck"}')).toBe(8)
})

test('scrapes at the same time share one read', async () => {
  let reads = 0
  const { scrape } = setup(
    collector('slow', async () => {
      reads++
      await sleep(5)
      return reads
    }),
  )
  const pages = await Promise.all([scrape(1000), scrape(1000), scrape(1000)])
  expect(reads).toBe(1)
  expect(pages.map((page) => page.get('t_value')?.samples.get('{from="slow"}'))).toEqual([1, 1, 1])
})

test('what this machine does not have is no fault: success 0, nothing above debug', async () => {
  const { scrape, log } = setup(
    collector('absent', () => {
      throw new UnavailableError('no /proc/net/foo')
    }),
  )
  expect(success(await scrape(), 'absent')).toBe(0)
  expect(log.lines.map(({ level }) => level)).toEqual(['debug'])
})

test('collect[] and exclude[] choose', async () => {
  const { scrape } = setup(
    collector('a', () => 1),
    collector('b', () => 2),
  )
  const only = await scrape(50, { collect: ['a'], exclude: [] })
  expect(success(only, 'b')).toBeUndefined()
  const without = await scrape(50, { collect: [], exclude: ['a'] })
  expect(success(without, 'a')).toBeUndefined()
})

test('take gives fresh readings of the named collectors, without those that fail', async () => {
  const { runner, log } = setup(
    collector('a', () => 1),
    collector('b', () => {
      throw new Error('broken')
    }),
    collector('c', () => 3),
  )
  expect(await runner.take(['a', 'b'], 50)).toEqual(new Map([['a', 1]]))
  expect(log.lines).toHaveLength(1)
})
