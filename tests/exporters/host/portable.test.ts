import type { Systeminformation } from 'systeminformation'
import { expect, test } from 'vitest'
import { createPortable, writeCpuTimes, type Facts } from '../../../src/exporters/host/portable.ts'
import * as mapping from '../../../src/exporters/host/portable/mapping.ts'
import { createExposition, type Exposition } from '../../../src/lib/exposition.ts'
import { parseExposition, type Family } from '../../support/exposition.ts'
import { page, samples, succeeded } from '../../support/host-fixture.ts'

function written(write: (out: Exposition) => void): Map<string, Family> {
  const out = createExposition()
  write(out)
  return parseExposition(out.text())
}

// A MacBook with an M2, as systeminformation describes it.
const macMemory: Systeminformation.MemData = {
  total: 17179869184,
  free: 95813632,
  used: 17084055552,
  active: 5738201088,
  available: 11441668096,
  buffers: 0,
  cached: 0,
  slab: 0,
  buffcache: 11345854464,
  reclaimable: 0,
  swaptotal: 0,
  swapused: 0,
  swapfree: 0,
  writeback: null,
  dirty: null,
}
const macVolumes: Systeminformation.FsSizeData[] = [
  {
    fs: '/dev/disk3s1s1',
    type: 'APFS',
    size: 494384795648,
    used: 10446700544,
    available: 121305829376,
    use: 7.93,
    mount: '/',
    rw: false,
  },
  {
    fs: '/dev/disk3s5',
    type: 'APFS',
    size: 494384795648,
    used: 355216351232,
    available: 121305829376,
    use: 74.54,
    mount: '/System/Volumes/Data',
    rw: true,
  },
]
const macSystem: Systeminformation.OsData = {
  platform: 'darwin',
  distro: 'macOS',
  release: '15.6.1',
  codename: 'Sequoia',
  kernel: '24.6.0',
  arch: 'arm64',
  hostname: 'mac.local',
  fqdn: 'mac.local',
  codepage: 'UTF-8',
  logofile: 'apple',
  serial: 'X',
  build: '24G90',
  servicepack: '',
  uefi: true,
}
const noHeat: Systeminformation.CpuTemperatureData = { main: null as unknown as number, cores: [], max: 0 }
const battery = {
  hasBattery: true,
  cycleCount: 112,
  isCharging: false,
  percent: 81,
  acConnected: false,
} as Systeminformation.BatteryData

test('memory: what a system does not tell apart is absent, no swap is a fact', () => {
  const families = written((out) => mapping.writeMemory(macMemory, out))
  expect(samples(families, 'node_memory_MemTotal_bytes')).toEqual({ '': 17179869184 })
  expect(samples(families, 'node_memory_MemAvailable_bytes')).toEqual({ '': 11441668096 })
  expect(samples(families, 'node_memory_SwapTotal_bytes')).toEqual({ '': 0 })
  expect(families.has('node_memory_Buffers_bytes')).toBe(false)
})

test('volumes: space, and whether they may be written', () => {
  const families = written((out) => mapping.writeFilesystems(macVolumes, out))
  const root = '{device="/dev/disk3s1s1",fstype="APFS",mountpoint="/"}'
  expect(samples(families, 'node_filesystem_size_bytes')[root]).toBe(494384795648)
  expect(samples(families, 'node_filesystem_free_bytes')[root]).toBe(494384795648 - 10446700544)
  expect(samples(families, 'node_filesystem_avail_bytes')[root]).toBe(121305829376)
  expect(Object.values(samples(families, 'node_filesystem_readonly'))).toEqual([1, 0])
})

test('interfaces: counters, each interface once, nothing where the system tells nothing', () => {
  const one = {
    iface: 'en0',
    operstate: 'up',
    rx_bytes: 900,
    rx_dropped: 1,
    rx_errors: 0,
    tx_bytes: 300,
    tx_dropped: 0,
    tx_errors: 2,
    rx_sec: 0,
    tx_sec: 0,
    ms: 0,
  }
  const silent = { ...one, iface: 'Wi-Fi', tx_dropped: null as unknown as number }
  const families = written((out) => mapping.writeNetwork([one, silent, one], out))
  expect(samples(families, 'node_network_receive_bytes_total')).toEqual({
    '{device="en0"}': 900,
    '{device="Wi-Fi"}': 900,
  })
  expect(samples(families, 'node_network_transmit_drop_total')).toEqual({ '{device="en0"}': 0 })
  expect(families.get('node_network_transmit_errs_total')?.type).toBe('counter')
})

test('the rest: frequencies, temperatures, battery, system', () => {
  const families = written((out) => {
    mapping.writeFrequencies({ min: 2.4, max: 3.49, avg: 2.4, cores: [2.4, 0] }, out)
    mapping.writeTemperatures({ main: 51.5, cores: [50, 53], max: 53 }, out)
    mapping.writeBattery(battery, out)
    mapping.writeOs(macSystem, out)
  })
  expect(samples(families, 'node_cpu_scaling_frequency_hertz')).toEqual({ '{cpu="0"}': 2_400_000_000 })
  expect(Object.keys(samples(families, 'node_hwmon_temp_celsius'))).toEqual(
    ['package', 'core0', 'core1'].map((sensor) => `{chip="cpu",sensor="${sensor}"}`),
  )
  expect(samples(families, 'node_power_supply_capacity')).toEqual({ '{power_supply="battery"}': 81 })
  expect(samples(families, 'node_power_supply_online')).toEqual({ '{power_supply="mains"}': 0 })
  expect(samples(families, 'node_os_version')).toEqual({ '{id="darwin",id_like="",name="macOS"}': 15.6 })
  const [info = ''] = Object.keys(samples(families, 'node_os_info'))
  expect(info).toContain('build_id="24G90"')
  expect(info).toContain('version_codename="Sequoia"')
  expect(written((out) => mapping.writeTemperatures(noHeat, out)).size).toBe(0)
  expect(written((out) => mapping.writeBattery({ ...battery, hasBattery: false }, out)).size).toBe(0)
})

test('CPU times in seconds; a mode that no CPU has is absent', () => {
  const times = [
    { times: { user: 1500, nice: 0, sys: 250, idle: 9000, irq: 0 } },
    { times: { user: 0, nice: 0, sys: 1, idle: 1, irq: 0 } },
  ]
  const families = written((out) => writeCpuTimes(times, out))
  expect(samples(families, 'node_cpu_seconds_total')).toEqual({
    '{cpu="0",mode="user"}': 1.5,
    '{cpu="1",mode="user"}': 0,
    '{cpu="0",mode="system"}': 0.25,
    '{cpu="1",mode="system"}': 0.001,
    '{cpu="0",mode="idle"}': 9,
    '{cpu="1",mode="idle"}': 0.001,
  })
})

test('the exporter asks the system once for what never changes, and one failing question harms no other', async () => {
  let asked = 0
  const facts = {
    mem: async () => macMemory,
    fsSize: () => Promise.reject(new Error('df: command not found')),
    networkStats: async () => [],
    cpuCurrentSpeed: async () => ({ min: 0, max: 0, avg: 0, cores: [0] }),
    cpuTemperature: async () => noHeat,
    battery: async () => battery,
    osInfo: async () => {
      asked++
      return macSystem
    },
  } satisfies Facts
  const collectors = createPortable(async () => facts)
  await page(...collectors)
  const families = await page(...collectors)
  expect(asked).toBe(1)
  expect(succeeded(families, 'filesystem')).toBe(0)
  expect(succeeded(families, 'meminfo')).toBe(1)
  expect(families.has('node_uname_info')).toBe(true)
  expect(samples(families, 'node_boot_time_seconds')['']).toBeGreaterThan(1e9)
})
