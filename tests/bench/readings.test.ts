import { expect, test } from 'vitest'
import { growth } from '../../bench/exporters/database-meter.ts'
import { parseVersion } from '../../bench/exporters/machine.ts'
import { countPage } from '../../bench/exporters/page.ts'
import { cpuOfTree, parseMemory, parseStat } from '../../bench/exporters/process-stat.ts'
import { table } from '../../bench/lib/table.ts'
import { ratioTarget, valueTarget, verdicts } from '../../bench/lib/targets.ts'

const stat =
  '812 (odd) name (x)) S 1 812 812 0 -1 4194304 2213 31337 11 22 150 50 700 300 20 0 11 0 4321 1073741824 20480 0 0'

test('CPU time of a process whose name holds spaces and parentheses', () => {
  expect(parseStat(stat)).toEqual({ pid: 812, parent: 1, own: 2, ended: 10 })
})

test('a tree of processes counts descendants and those that have ended', () => {
  const processes = [
    { pid: 12, parent: 11, own: 4, ended: 0 },
    { pid: 10, parent: 1, own: 1, ended: 0.5 },
    { pid: 11, parent: 10, own: 2, ended: 0 },
    { pid: 99, parent: 1, own: 100, ended: 100 },
  ]
  expect(cpuOfTree(10, processes)).toBe(7.5)
})

test('memory in MB', () => {
  expect(parseMemory('Name:\tnode\nVmHWM:\t  100000 kB\nVmRSS:\t   50000 kB\n')).toEqual({
    resident: 51.2,
    peak: 102.4,
  })
})

test('sessions that came later count from zero, sessions that went no longer', () => {
  const before = new Map([
    [1, 5],
    [2, 1],
  ])
  const after = new Map([
    [1, 7],
    [3, 0.5],
  ])
  expect(growth(before, after)).toBe(2.5)
})

test('families and series of a page', () => {
  const page = '# HELP a A.\n# TYPE a gauge\na 1\na{b="c"} 2\n# TYPE d counter\nd 3\n# EOF\n'
  expect(countPage(page)).toEqual({ families: 2, series: 3 })
})

test('versions as the peers print them', () => {
  expect(parseVersion('node_exporter, version 1.5.0 (branch: debian/sid, revision: 1.5.0-1+b6)')).toBe('1.5.0')
  expect(parseVersion('nonsense')).toBeUndefined()
})

test('a missed target is said in words', () => {
  const all = [
    ratioTarget('p50', 0.5, { value: 0.4, low: 0.3, high: 0.6 }),
    valueTarget('RSS', 85, 'MB', 90),
    valueTarget('start', 0.5, 's', 0.25, 2),
  ]
  expect(all.map(({ met }) => met)).toEqual([true, false, true])
  expect(verdicts(all)).toContain('Missed: RSS.')
  expect(verdicts(all.slice(0, 1))).toContain('Every target was met.')
  expect(verdicts([])).toBe('Nothing was measured that has a target.')
})

test('columns line up', () => {
  expect(
    table([
      ['', 'ms'],
      ['long name', 1],
    ]),
  ).toBe('             ms\n  long name   1')
})
