import { mkdtempSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTextfile } from '../../../src/exporters/host/collectors/textfile.ts'
import { parseTextFamilies } from '../../../src/exporters/host/textfile/parse.ts'
import { createExposition, gauge } from '../../../src/lib/exposition.ts'
import { parseExposition, scrape } from '../../support/exposition.ts'
import { recordingLogger } from '../../support/logger.ts'

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'textfile-'))))
afterEach(() => rmSync(dir, { recursive: true }))

const put = (name: string, text: string): void => writeFileSync(join(dir, name), text)

async function page(log = recordingLogger(), pattern = dir) {
  const collector = createTextfile(pattern, log)
  return scrape({ prefix: 'node', collectors: [collector] })
}

const error = (families: Awaited<ReturnType<typeof page>>): number | undefined =>
  families.get('node_textfile_scrape_error')?.samples.get('')

test('without a directory only the error flag is published, and it is 0', async () => {
  const families = await page(recordingLogger(), '')
  expect(error(families)).toBe(0)
  expect(families.has('node_textfile_mtime_seconds')).toBe(false)
})

test('families of several files are joined, and each file has its mtime in whole seconds', async () => {
  put('a.prom', '# HELP backup_ok Whether it\\nworked.\n# TYPE backup_ok gauge\nbackup_ok{job="db"} 1\n')
  put('b.prom', '# TYPE backup_ok gauge\nbackup_ok{job="home",host="x\\"y"} 0\nfree 1.5e3\n')
  put('ignored.txt', 'not_this 1\n')
  utimesSync(join(dir, 'a.prom'), 1000, 1700000000.9)
  const families = await page()
  expect(error(families)).toBe(0)
  expect(families.get('backup_ok')).toMatchObject({ type: 'gauge', help: 'Whether it\\nworked.' })
  expect([...(families.get('backup_ok')?.samples ?? [])]).toEqual([
    ['{host="",job="db"}', 1],
    ['{host="x\\"y",job="home"}', 0],
  ])
  expect(families.get('free')).toMatchObject({ type: 'untyped', help: `Metric read from ${dir}/b.prom` })
  expect(families.get('node_textfile_mtime_seconds')?.samples.get(`{file="${dir}/a.prom"}`)).toBe(1700000000)
  expect(families.has('not_this')).toBe(false)
})

test('histograms and summaries keep their parts under one header', async () => {
  put(
    'h.prom',
    '# TYPE h histogram\nh_bucket{le="1",a="x"} 2\nh_bucket{le="+Inf",a="x"} 3\nh_sum{a="x"} 4\nh_count{a="x"} 3\n' +
      '# TYPE s summary\ns{quantile="0.5"} NaN\ns_sum 1\ns_count 2\n# TYPE x_sum gauge\nx_sum 7\n',
  )
  const out = createExposition()
  const collector = createTextfile(dir, recordingLogger())
  collector.write(await collector.read(AbortSignal.timeout(3000)), out)
  const lines = out
    .text()
    .split('\n')
    .filter((line) => !line.startsWith('# HELP'))
  expect(lines.slice(0, 10)).toEqual([
    '# TYPE h histogram',
    'h_bucket{a="x",le="1"} 2',
    'h_bucket{a="x",le="+Inf"} 3',
    'h_sum{a="x"} 4',
    'h_count{a="x"} 3',
    '# TYPE s summary',
    's_sum 1',
    's_count 2',
    '# TYPE x_sum gauge',
    'x_sum 7',
  ])
})

test.each([
  ['no line end', 'a 1\nb 2'],
  ['half a sample', 'a{x="1"\n'],
  ['a timestamp', 'a 1 1700000000000\n'],
  ['no number', 'a one\n'],
  ['a repeated label', 'a{x="1",x="2"} 1\n'],
  ['an unknown type', '# TYPE a gouge\na 1\n'],
  ['a type after samples', 'a 1\n# TYPE a gauge\n'],
  ['a second HELP', '# HELP a x\n# HELP a x\na 1\n'],
  ['no name', '{x="1"} 1\n'],
])('a file with %s is left out as a whole, and the others are not', async (_, text) => {
  put('bad.prom', text)
  put('good.prom', 'good 1\n')
  const families = await page()
  expect(error(families)).toBe(1)
  expect(families.get('good')?.samples.get('')).toBe(1)
  expect([...families.keys()].filter((name) => !name.startsWith('node_'))).toEqual(['good'])
  expect([...(families.get('node_textfile_mtime_seconds')?.samples.keys() ?? [])]).toEqual([
    `{file="${dir}/good.prom"}`,
  ])
})

test('what is wrong is logged once, and again when it is mended', async () => {
  const log = recordingLogger()
  const collector = createTextfile(dir, log)
  const scrapeOnce = () => scrape({ prefix: 'node', collectors: [collector] })
  put('x.prom', 'broken')
  await scrapeOnce()
  await scrapeOnce()
  expect(log.lines).toHaveLength(1)
  expect(log.lines[0]).toMatchObject({ level: 'warn', fields: { faults: [expect.stringContaining('x.prom: line 1')] } })
  put('x.prom', 'mended 1\n')
  expect((await scrapeOnce()).get('mended')?.samples.get('')).toBe(1)
  expect(log.lines.at(-1)).toMatchObject({ level: 'info' })
})

test('a file that is replaced is read anew, and one that vanishes takes its series along', async () => {
  const collector = createTextfile(dir, recordingLogger())
  const scrapeOnce = () => scrape({ prefix: 'node', collectors: [collector] })
  put('x.prom', 'a 1\n')
  expect((await scrapeOnce()).get('a')?.samples.get('')).toBe(1)
  put('x.prom', 'a 22\n')
  expect((await scrapeOnce()).get('a')?.samples.get('')).toBe(22)
  rmSync(join(dir, 'x.prom'))
  expect((await scrapeOnce()).has('a')).toBe(false)
})

test('a missing directory is an error; a pattern names several', async () => {
  expect(error(await page(recordingLogger(), join(dir, 'nowhere')))).toBe(1)
  for (const name of ['one', 'two']) {
    mkdirSync(join(dir, name))
    writeFileSync(join(dir, name, 'm.prom'), `from_${name} 1\n`)
  }
  mkdirSync(join(dir, 'one', 'directory.prom'))
  const families = await page(recordingLogger(), join(dir, '*'))
  expect(families.has('from_one') && families.has('from_two')).toBe(true)
  expect(error(families)).toBe(1) // the directory that is named like a file
})

test('files that contradict each other or repeat a series lose the later one', async () => {
  put('a.prom', '# HELP m One.\n# TYPE m counter\nm{x="1"} 1\n')
  put('b.prom', '# HELP m Two.\n# TYPE m counter\nm{x="2"} 2\n')
  put('c.prom', '# TYPE m gauge\nm{x="3"} 3\n')
  put('d.prom', '# TYPE m counter\nm{x="1"} 4\nm{x="4"} 4\n')
  const families = await page()
  expect(error(families)).toBe(1)
  expect([...(families.get('m')?.samples ?? [])]).toEqual([
    ['{x="1"}', 1],
    ['{x="4"}', 4],
  ])
})

test("a file cannot displace a metric of the exporter's own", async () => {
  put('a.prom', 'node_load1 99\nmine 1\n')
  const out = createExposition()
  out.set(gauge('node_load1', '1m load average.'), 0.5)
  const log = recordingLogger()
  const collector = createTextfile(dir, log)
  collector.write(await collector.read(AbortSignal.timeout(3000)), out)
  const families = parseExposition(out.text())
  expect(families.get('node_load1')?.samples.get('')).toBe(0.5)
  expect(families.get('mine')?.samples.get('')).toBe(1)
  expect(error(families)).toBe(1)
  expect(log.lines).toHaveLength(1)
})

test('the parser takes all spellings of numbers, spaces and comments', () => {
  const text = '# a comment\n\n  a { x = "1" , y="2",} +Inf\nb -inf\nc NaN\nd\t0x10\n'
  expect(parseTextFamilies(text).map(({ name, samples }) => [name, samples[0]?.value])).toEqual([
    ['a', Infinity],
    ['b', -Infinity],
    ['c', Number.NaN],
    ['d', 16],
  ])
})
