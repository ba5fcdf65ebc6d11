import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createCpu, parseCpuTimes } from '../../../src/exporters/host/collectors/cpu.ts'
import { parseCpuInfo } from '../../../src/exporters/host/collectors/cpu-info.ts'
import { createNetclass } from '../../../src/exporters/host/collectors/netclass.ts'
import { parseRoutes } from '../../../src/exporters/host/collectors/network-route.ts'
import { parseKernelStatistics } from '../../../src/exporters/host/collectors/stat.ts'
import { createHostExporter } from '../../../src/exporters/host/index.ts'
import { createDirectoryWatch } from '../../../src/exporters/host/lib/directory-watch.ts'
import { createFilter } from '../../../src/exporters/host/lib/filter.ts'
import { parseCpuList } from '../../../src/exporters/host/lib/cpu-list.ts'
import { zoneFile, zoneName } from '../../../src/exporters/host/lib/local-zone.ts'
import { pageSize } from '../../../src/exporters/host/lib/page-size.ts'
import { createSource, type Source } from '../../../src/exporters/host/source.ts'
import { fixtures, hostConfigOf, hostConfigWith } from '../../support/host-config.ts'
import { quiet } from '../../support/logger.ts'

const { signal } = new AbortController()
let root: string
let source: Source

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aura-collectors-'))
  source = createSource({ proc: root, sys: root, root })
})

afterEach(() => {
  source.close()
  rmSync(root, { recursive: true })
})

const write = (path: string, text: string): void => {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), text)
}

describe('cpu', () => {
  test('idle time that steps back a little does not fall; a CPU that was taken away and came back begins anew', async () => {
    const collector = createCpu(source)
    const idleAfter = async (idle: number): Promise<number | undefined> => {
      write('stat', `cpu  1 1 1 1\ncpu0 100 0 100 ${idle} 0 0 0 0 0 0\n`)
      await Promise.resolve() // one scrape shares one read of the file: let it end
      return (await collector.read(signal)).cpus[0]?.seconds[3]
    }
    expect(await idleAfter(10_000)).toBe(100)
    expect(await idleAfter(9_950)).toBe(100)
    expect(await idleAfter(500)).toBe(5)
  })

  test('an old kernel that counts fewer modes leaves the others out', () => {
    expect(parseCpuTimes('cpu  9 9\ncpu3 100 200 300 400\nintr 5')).toEqual([{ cpu: '3', seconds: [1, 2, 3, 4] }])
  })

  test('lists of CPUs', () => {
    expect(parseCpuList('0-2,5\n')).toEqual([0, 1, 2, 5])
    expect(parseCpuList('')).toEqual([])
    expect(parseCpuList('0-Infinity,x,-3,7')).toEqual([7])
  })

  test('what a CPU is, a colon in its name included', () => {
    const [labels] = parseCpuInfo('processor\t: 0\nmodel name\t: Some CPU: fast\ncache size\t: 1 KB\n\n')
    expect(labels).toEqual(['', '', '0', '', '', '', 'Some CPU: fast', '', '', '1 KB'])
  })
})

test('stat: a field at the very start and one that is missing', () => {
  const reading = parseKernelStatistics('ctxt 5\nbtime 7\n')
  expect(reading).toMatchObject({ contextSwitches: 5, bootTime: 7, forks: undefined, interrupts: undefined })
})

const device = (changes: Readonly<Record<string, string>>): void => {
  for (const [file, text] of Object.entries(changes)) write(`class/net/eth0/${file}`, text)
}

describe('netclass', () => {
  test('a speed that was refused is asked for again once the link is up', async () => {
    const collector = createNetclass(source, hostConfigWith())
    device({ flags: '0x1003', operstate: 'down', carrier_changes: '1' })
    expect((await collector.read(signal))[0]?.values.get('speed')).toBeUndefined()
    device({ operstate: 'up', carrier_changes: '2', speed: '1000' })
    expect((await collector.read(signal))[0]?.values.get('speed')).toBe(125_000_000)
  })

  test('a device that is down is not asked what only one that is up answers', async () => {
    const collector = createNetclass(source, hostConfigWith())
    device({ flags: '0x1002', operstate: 'down', carrier_changes: '1', carrier: '0', mtu: '1500' })
    const [{ values } = { values: new Map() }] = await collector.read(signal)
    expect(values.has('carrier')).toBe(false)
    expect(values.get('mtu')).toBe(1500)
  })
})

test('a device directory is the same until another takes its name', () => {
  const made: string[] = []
  const watch = createDirectoryWatch(source, 'class', (name) => made.push(name))
  mkdirSync(join(root, 'class/a'), { recursive: true })
  mkdirSync(join(root, 'class/b'))
  watch(() => true)
  watch(() => true)
  expect(made).toEqual(['a', 'b'])
  rmSync(join(root, 'class/a'), { recursive: true })
  renameSync(join(root, 'class/b'), join(root, 'class/a'))
  watch(() => true)
  expect(made).toEqual(['a', 'b', 'a'])
})

test('routes of the main table', () => {
  const lines = [
    'eth0 00000000 010200C0 0003 0 0 100 00000000 0 0 0',
    'eth0 000200C0 00000000 0001 0 0 0 00FFFFFF 0 0 0',
  ]
  expect(parseRoutes(`Iface Destination Gateway\n${lines.join('\n')}\n`)).toEqual([
    { device: 'eth0', destination: 'default', gateway: '192.0.2.1', priority: '100' },
    { device: 'eth0', destination: '192.0.2.0/24', gateway: '', priority: '0' },
  ])
})

test.each([
  ['CET-1CEST,M3.5.0,M10.5.0/3', 3600, 'CET'],
  ['CET-1CEST,M3.5.0,M10.5.0/3', 7200, 'CEST'],
  ['EST5EDT,M3.2.0,M11.1.0', -18_000, 'EST'],
  ['EST5EDT,M3.2.0,M11.1.0', -14_400, 'EDT'],
  ['IST-5:30', 19_800, 'IST'],
  ['<+07>-7', 25_200, '+07'],
  ['<+01>-1', 0, '+00'],
  ['UTC0', 0, 'UTC'],
  ['', 19_800, '+0530'],
])('the zone %j calls an offset of %d s %s', (rule, offset, name) => {
  expect(zoneName(rule, offset)).toBe(name)
})

test.each([
  ['', '/etc/localtime'],
  ['Europe/Berlin', '/usr/share/zoneinfo/Europe/Berlin'],
  [':Asia/Tokyo', '/usr/share/zoneinfo/Asia/Tokyo'],
  [':/etc/localtime', '/etc/localtime'],
])('TZ=%j means the zone of %s', (tz, path) => {
  expect(zoneFile(tz)).toBe(path)
})

test('a filter includes if it is told what, and excludes otherwise', () => {
  const names = ['lo', 'eth0', 'eth1']
  expect(names.filter(createFilter('^lo$'))).toEqual(['eth0', 'eth1'])
  expect(names.filter(createFilter('^eth0$', 'eth'))).toEqual(['eth0', 'eth1'])
  expect(names.filter(createFilter(''))).toEqual(names)
  expect(() => createFilter('(')).toThrow('is not a regular expression')
})

test('the size of a page, told or assumed', () => {
  const facts = Buffer.alloc(32)
  facts.writeBigUInt64LE(6n, 0)
  facts.writeBigUInt64LE(65_536n, 8)
  write('self/auxv', '')
  writeFileSync(join(root, 'self/auxv'), facts)
  expect(pageSize(root)).toBe(65_536)
  expect(pageSize(join(root, 'nowhere'))).toBe(4096)
})

const namesWith = (enabled: string[], disabled: string[]): string[] => {
  const config = hostConfigOf(fixtures, { collectors_enabled: enabled, collectors_disabled: disabled })
  return createHostExporter(config, { log: quiet }).collectors.map(({ name }) => name)
}

describe('choice of collectors', () => {
  test('the usual ones, those asked for, without those refused', () => {
    expect(namesWith([], [])).toContain('cpu')
    expect(namesWith([], [])).not.toContain('network_route')
    expect(namesWith(['network_route'], ['cpu'])).toContain('network_route')
    expect(namesWith(['network_route'], ['cpu'])).not.toContain('cpu')
  })

  test('a name that does not exist is refused by key and name', () => {
    expect(() => namesWith(['prcesses'], [])).toThrow('exporters.host.collectors_enabled: no collector "prcesses"')
  })

  test('no two collectors have one name', () => {
    const names = namesWith([], [])
    expect(new Set(names).size).toBe(names.length)
  })
})
