import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDpmClock } from '../../../../src/exporters/gpu/sysfs/amd.ts'
import { parseUevent } from '../../../../src/exporters/gpu/sysfs/drm.ts'
import { findAmdName } from '../../../../src/exporters/gpu/sysfs/amd-names.ts'
import { parseBusId } from '../../../../src/exporters/gpu/sysfs/kfd.ts'
import { parseGeneration } from '../../../../src/exporters/gpu/sysfs/pcie.ts'
import { parseExposition, scrape, scrapeText } from '../../../support/exposition.ts'
import { gpuExporter, simulatedRun, stable } from '../simulated.ts'

const fixtures = join(import.meta.dirname, '../fixtures')
const withoutNvidia = (sysfs: string): ReturnType<typeof gpuExporter> =>
  gpuExporter({
    sysfs,
    procfs: `${fixtures}/proc-amd`,
    amdgpu_ids: `${fixtures}/amdgpu.ids`,
    modelOfBlob: (digest) => (digest === `sha256:${'a1'.repeat(32)}` ? 'qwen3:8b' : undefined),
    run: simulatedRun(() => 'missing'),
  })

it.each(['amd', 'intel'])('%s cards give the golden exposition', async (vendor) => {
  const page = await scrapeText(withoutNvidia(`${fixtures}/sys-${vendor}`))
  parseExposition(page)
  await expect(stable(page)).toMatchFileSnapshot(`../golden/${vendor}.prom`)
})

describe('a card that sleeps', () => {
  it('is named, told as suspended, and none of its sensors is read', async () => {
    const page = await scrape(withoutNvidia(`${fixtures}/sys-amd`), { collect: ['amd'], exclude: [] })
    const families = [...page].filter(([, { samples }]) =>
      [...samples.keys()].some((labels) => labels.includes('0000:03:00.0')),
    )
    expect(families.map(([name]) => name)).toEqual(['gpu_info', 'gpu_suspended'])
  })
})

describe('a card whose files fail', () => {
  it('loses those series and no others', async () => {
    const sysfs = mkdtempSync(join(tmpdir(), 'aura-sys-'))
    cpSync(`${fixtures}/sys-amd`, sysfs, { recursive: true })
    const device = `${sysfs}/class/drm/card0/device`
    rmSync(`${device}/gpu_busy_percent`)
    rmSync(`${device}/hwmon/hwmon3/temp1_input`)
    writeFileSync(`${device}/mem_info_vram_used`, 'none\n')
    chmodSync(`${device}/pp_dpm_sclk`, 0)
    const page = await scrape(withoutNvidia(sysfs))
    rmSync(sysfs, { recursive: true })
    const cards = (name: string): number =>
      [...(page.get(name)?.samples.keys() ?? [])].filter((labels) => labels.includes('0000:0b:00.0')).length
    const counted = ['utilization_ratio', 'temperature_celsius', 'memory_used_bytes', 'memory_free_bytes'].map((name) =>
      cards(`gpu_${name}`),
    )
    expect(counted).toEqual([0, 0, 0, 0])
    expect([
      cards('gpu_memory_total_bytes'),
      cards('gpu_hotspot_temperature_celsius'),
      cards('gpu_power_watts'),
    ]).toEqual([1, 1, 1])
  })

  it('has its processes linked to their models', async () => {
    const page = await scrape(withoutNvidia(`${fixtures}/sys-amd`))
    expect([...(page.get('gpu_process_memory_bytes')?.samples ?? [])]).toEqual([
      [
        '{gpu="0",model="qwen3:8b",pid="8841",process_name="/usr/local/bin/ollama",uuid="0123456789abcdef",vendor="amd"}',
        5368709120,
      ],
    ])
  })

  it('is a fault if there is nothing to be read at all', async () => {
    const sysfs = mkdtempSync(join(tmpdir(), 'aura-sys-'))
    cpSync(`${fixtures}/sys-intel/class/drm/card0/device/uevent`, `${sysfs}/class/drm/card0/device/uevent`)
    const page = await scrape(withoutNvidia(sysfs))
    rmSync(sysfs, { recursive: true })
    expect(page.get('gpu_state')?.samples.get('{state="driver_error",vendor="intel"}')).toBe(1)
    expect(page.get('gpu_up')?.samples.get('{vendor="intel"}')).toBe(0)
  })
})

it('reads the small formats', () => {
  expect(parseDpmClock('0: 500Mhz \n1: 1265Mhz *\n2: 2475Mhz \n')).toBe(1_265_000_000)
  expect(parseDpmClock('')).toBeUndefined()
  expect(parseGeneration('16.0 GT/s PCIe')).toBe(4)
  expect(parseGeneration('Unknown')).toBeUndefined()
  expect(parseBusId('location_id 2816\ndomain 0\n')).toBe('0000:0b:00.0')
  expect(parseBusId('location_id 0\ndomain 0\n')).toBeUndefined()
  expect(findAmdName('73BF,\tC1,\tAMD Radeon RX 6800 XT\n', '73BF', 'C1')).toBe('AMD Radeon RX 6800 XT')
  expect(parseUevent('DRIVER=xe\nPCI_ID=8086:56A0\n').get('DRIVER')).toBe('xe')
})
