import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createBonding } from '../../../src/exporters/host/collectors/bonding.ts'
import { createCpufreq } from '../../../src/exporters/host/collectors/cpufreq.ts'
import { createDmi } from '../../../src/exporters/host/collectors/dmi.ts'
import { createDrm } from '../../../src/exporters/host/collectors/drm.ts'
import { createEdac } from '../../../src/exporters/host/collectors/edac.ts'
import { createMdadm, parseMdstat } from '../../../src/exporters/host/collectors/mdadm.ts'
import { createNvme } from '../../../src/exporters/host/collectors/nvme.ts'
import { createPowersupplyclass } from '../../../src/exporters/host/collectors/powersupplyclass.ts'
import { createRapl, splitZoneName } from '../../../src/exporters/host/collectors/rapl.ts'
import { createThermalThrottle } from '../../../src/exporters/host/collectors/thermal-throttle.ts'
import { createThermalZone } from '../../../src/exporters/host/collectors/thermal-zone.ts'
import { createHwmon } from '../../../src/exporters/host/collectors/hwmon.ts'
import { createWatchdog } from '../../../src/exporters/host/collectors/watchdog.ts'
import { fixtures } from '../../support/host-config.ts'
import { page, recorded, samples, sourceBelow } from '../../support/host-fixture.ts'

const powercap = join(fixtures, 'sys/class/powercap')

test('thermal zones: a zone that cannot be read is absent, coolers are listed', async () => {
  const families = await page(createThermalZone(recorded))
  expect(samples(families, 'node_thermal_zone_temp')).toEqual({
    '{type="x86_pkg_temp",zone="0"}': 52,
    '{type="acpitz",zone="1"}': 27.8,
  })
  expect(samples(families, 'node_cooling_device_cur_state')).toEqual({
    '{name="0",type="Processor"}': 0,
    '{name="1",type="intel_powerclamp"}': -1,
  })
})

test('CPU frequencies in hertz; "<unknown>" is absent', async () => {
  const families = await page(createCpufreq(recorded))
  expect(samples(families, 'node_cpu_scaling_frequency_hertz')).toEqual({
    '{cpu="0"}': 2400125000,
    '{cpu="1"}': 800022000,
    '{cpu="2"}': 3899871000,
  })
  expect(samples(families, 'node_cpu_frequency_max_hertz')['{cpu="3"}']).toBe(4700000000)
  expect(samples(families, 'node_cpu_scaling_governor')['{cpu="3",governor="performance"}']).toBe(1)
})

test('throttling is counted once for each core and package, however many threads they have', async () => {
  const families = await page(createThermalThrottle(recorded))
  expect(samples(families, 'node_cpu_core_throttles_total')).toEqual({
    '{core="0",package="0"}': 5,
    '{core="1",package="0"}': 0,
  })
  expect(samples(families, 'node_cpu_package_throttles_total')).toEqual({ '{package="0"}': 9 })
})

test('RAID: healthy, recovering, striped, inactive, pending, checking', () => {
  const rows = parseMdstat(recorded.proc('mdstat')).map(({ device, state, required, active, failed, spare, synced }) =>
    [device, state, required, active, failed, spare, synced].join(' '),
  )
  expect(rows).toEqual([
    'md0 active 2 2 0 0 523264',
    'md1 recovering 4 3 1 0 681574400',
    'md2 active 2 2 0 0 3906764800',
    'md3 inactive 0 0 0 1 1953382488',
    'md4 resync 2 2 0 0 0',
    'md5 check 4 4 0 1 917999616',
  ])
  expect(parseMdstat('Personalities : \nunused devices: <none>\n')).toEqual([])
})

test('RAID: exactly one of the known states is 1, and sysfs tells who is missing', async () => {
  const families = await page(createMdadm(recorded))
  expect(samples(families, 'node_md_state')['{device="md1",state="recovering"}']).toBe(1)
  expect(samples(families, 'node_md_state')['{device="md1",state="active"}']).toBe(0)
  expect(samples(families, 'node_md_degraded')).toEqual({
    '{device="md0"}': 0,
    '{device="md1"}': 1,
    '{device="md4"}': 0,
    '{device="md5"}': 0,
  })
})

test('bonding: a link that is down does not count as active', async () => {
  const families = await page(createBonding(recorded))
  expect(samples(families, 'node_bonding_slaves')).toEqual({ '{master="bond0"}': 2, '{master="bond1"}': 0 })
  expect(samples(families, 'node_bonding_active')).toEqual({ '{master="bond0"}': 1, '{master="bond1"}': 0 })
})

test('ECC errors by controller and row', async () => {
  const families = await page(createEdac(recorded))
  expect(samples(families, 'node_edac_correctable_errors_total')).toEqual({ '{controller="0"}': 17 })
  expect(samples(families, 'node_edac_csrow_uncorrectable_errors_total')).toEqual({
    '{controller="0",csrow="0"}': 0,
    '{controller="0",csrow="1"}': 1,
    '{controller="0",csrow="unknown"}': 0,
  })
})

test('RAPL: zones of several packages are told apart by index', async () => {
  const families = await page(createRapl(recorded))
  expect(samples(families, 'node_rapl_dram_joules_total')).toEqual({
    [`{index="0",path="${powercap}/intel-rapl:0:1"}`]: 8210.003321,
    [`{index="1",path="${powercap}/intel-rapl:1:1"}`]: 7010,
  })
  expect(splitZoneName('package-3', new Map())).toEqual({ name: 'package', index: 3 })
  expect(splitZoneName('package-0-die-1', new Map())).toEqual({ name: 'package-0-die-1', index: 0 })
})

test('NVMe: identity without padding, and namespace sizes in bytes', async () => {
  const families = await page(createNvme(recorded))
  expect(Object.keys(samples(families, 'node_nvme_info'))).toEqual([
    '{device="nvme0",firmware_revision="5B2QGXA7",model="Samsung SSD 980 PRO 1TB",serial="S5GXNX0T123456A",state="live"}',
  ])
  expect(samples(families, 'node_nvme_namespace_size_bytes')).toEqual({ '{device="nvme0",nsid="1"}': 1000204886016 })
})

test('batteries and mains: micro-units and tenths of degrees become units', async () => {
  const families = await page(createPowersupplyclass(recorded))
  expect(samples(families, 'node_power_supply_online')).toEqual({ '{power_supply="AC"}': 1 })
  expect(samples(families, 'node_power_supply_power_watt')).toEqual({ '{power_supply="BAT0"}': 8.77 })
  expect(samples(families, 'node_power_supply_temp_celsius')).toEqual({ '{power_supply="BAT0"}': 31.2 })
})

test('DMI: only what the firmware gives becomes a label', async () => {
  const families = await page(createDmi(recorded))
  expect(families.get('node_dmi_info')?.labels).toContain('system_vendor')
  expect(families.get('node_dmi_info')?.labels).not.toContain('board_serial')
})

test('watchdogs: seconds left, and no figure for what a driver does not tell', async () => {
  const families = await page(createWatchdog(recorded))
  expect(samples(families, 'node_watchdog_timeleft_seconds')).toEqual({ '{name="watchdog0"}': 57 })
  expect(families.has('node_watchdog_access_cs0')).toBe(false)
  expect(Object.keys(samples(families, 'node_watchdog_info'))[0]).toContain('identity="iTCO_wdt"')
})

test('AMD cards: memory in bytes', async () => {
  const families = await page(createDrm(recorded))
  expect(samples(families, 'node_drm_memory_vram_used_bytes')).toEqual({ '{card="card0"}': 11274289152 })
})

test('a machine with none of this publishes none of it', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'empty-'))
  try {
    const bare = sourceBelow(empty)
    const families = await page(
      ...[createHwmon, createThermalZone, createCpufreq, createThermalThrottle, createMdadm, createBonding].map(
        (create) => create(bare),
      ),
      ...[createEdac, createRapl, createNvme, createPowersupplyclass, createDmi, createDrm].map((create) =>
        create(bare),
      ),
    )
    expect([...families.keys()].filter((name) => !name.startsWith('node_scrape_'))).toEqual([])
  } finally {
    rmSync(empty, { recursive: true })
  }
})

test('a device that comes and goes between scrapes comes and goes on the page', async () => {
  const root = mkdtempSync(join(tmpdir(), 'hotplug-'))
  try {
    for (const part of ['sys/class/power_supply', 'sys/devices/LNXSYSTM:00']) {
      cpSync(join(fixtures, part), join(root, part), { recursive: true, verbatimSymlinks: true })
    }
    const collector = createPowersupplyclass(sourceBelow(root))
    expect(samples(await page(collector), 'node_power_supply_capacity')).toEqual({ '{power_supply="BAT0"}': 62 })
    rmSync(join(root, 'sys/class/power_supply/BAT0'))
    writeFileSync(
      join(root, 'sys/devices/LNXSYSTM:00/LNXSYBUS:00/PNP0A08:00/ACPI0003:00/power_supply/AC/online'),
      '0\n',
    )
    const families = await page(collector)
    expect(families.has('node_power_supply_capacity')).toBe(false)
    expect(samples(families, 'node_power_supply_online')).toEqual({ '{power_supply="AC"}': 0 })
  } finally {
    rmSync(root, { recursive: true })
  }
})
