import { describe, expect, it } from 'vitest'
import { text } from '../../../web/src/ui/format.ts'
import { tileKeys, tileView, type TileKey } from '../../../web/src/features/monitor/tile-views.ts'
import { busiestNetwork, fullest, hottest, usedShare } from '../../../web/src/features/monitor/pick.ts'
import { system } from './readings.ts'

const said = (key: TileKey, of = system): string => {
  const { value, note } = tileView(key, of)
  return `${typeof value === 'string' ? value : text(value)} | ${note}`.replaceAll('\u{a0}', ' ')
}

const idle = (device: string, up?: boolean) => ({
  device,
  ...(up !== undefined && { up }),
  receiveBytesPerSecond: 0,
})

describe('tiles', () => {
  it.each([
    ['cpu', '42 % | 4 cores · user 30 % · system 10 % · iowait 2.0 %'],
    ['memory', '75 % | 12.0 GiB of 16.0 GiB · 4.00 GiB available'],
    ['swap', '25 % | 512 MiB of 2.00 GiB'],
    ['load', '1.50 over 1 min | 5 min 2.00 · 15 min 1.25 · 0.50 per core'],
    ['pressure', '12 % | CPU 5.0 % · I/O 12 % · memory 0 %'],
    ['disks', '60 % busy | vdb · read 0 B/s · write 10 B/s'],
    ['filesystems', '92 % | /data · 8.00 GiB free · full in 2 h · 1 without an answer'],
    ['network', '14.0 Mbit/s | eth0 · in 12.0 Mbit/s · out 2.00 Mbit/s'],
    ['temperatures', '62 °C | nvme · critical at 85 °C'],
    ['uptime', '3 d 4 h | box · 6.12.0'],
  ] as const)('%s', (key, words) => {
    expect(said(key)).toBe(words)
  })

  it('carry the level that the server judged', () => {
    expect(tileView('filesystems', system).level).toBe('warning')
    expect(tileView('uptime', system).level).toBeUndefined()
  })

  it('say what is not known instead of zero', () => {
    const bare = {
      ...system,
      cpu: { cores: 4, perCore: [], modes: {} },
      memory: { total: 0, available: 0, used: 0, swapTotal: 0, swapUsed: 0 },
      pressure: {},
      disks: [],
      filesystems: [],
      network: [],
      temperatures: [],
      host: { name: '', kernel: '', uptime: 0 },
    }
    for (const key of tileKeys) {
      if (key !== 'load') expect(said(key, bare), key).toMatch(/^(–|none) \|/)
      expect(said(key, bare), key).not.toMatch(/NaN|undefined|Infinity/)
    }
  })
})

describe('which device stands for all', () => {
  it('puts the level of a file system before its share, and read-only images last', () => {
    const image = {
      mountpoint: '/snap',
      device: '',
      type: '',
      used: 100,
      available: 0,
      readonly: true,
      level: 'ok',
    } as const
    expect(fullest([image, ...system.filesystems])?.mountpoint).toBe('/data')
    expect(fullest([image, ...system.filesystems.slice(0, 1)])?.mountpoint).toBe('/')
  })

  it('counts what is reserved for root as df does', () => {
    expect(usedShare({ used: 60, available: 20 })).toBe(0.75)
    expect(usedShare({})).toBeUndefined()
  })

  it('takes loopback only where there is nothing else', () => {
    expect(busiestNetwork(system.network)?.device).toBe('eth0')
    expect(busiestNetwork(system.network.slice(0, 1))?.device).toBe('lo')
    const quiet = [idle('lo'), idle('ifb0', false), idle('docker0', true), idle('enp3s0', false), idle('wlan0', true)]
    expect(busiestNetwork(quiet)?.device).toBe('wlan0')
    expect(busiestNetwork(quiet.slice(0, 3))?.device).toBe('docker0')
    expect(busiestNetwork(quiet.slice(0, 2))?.device).toBe('ifb0')
  })

  it('takes the sensor that is in trouble before a hotter one that is not', () => {
    const troubled = { name: 'disk', celsius: 60, level: 'critical' } as const
    expect(hottest([...system.temperatures, troubled])?.name).toBe('disk')
  })
})
