import type { Card, Values } from '../card.ts'
import type { AmdNames } from './amd-names.ts'
import { drmCards, isSuspended, type DrmCard } from './drm.ts'
import { attribute, quantity } from './files.ts'
import { readSensors, type Sensors } from './hwmon.ts'
import { readLink } from './pcie.ts'

/** The line with the star of `pp_dpm_sclk` (`1: 1265Mhz *`), in Hz. */
export function parseDpmClock(text: string | undefined): number | undefined {
  const megahertz = /^\d+: (\d+)mhz \*/im.exec(text ?? '')?.[1]
  return megahertz === undefined ? undefined : Number(megahertz) * 1e6
}

/** AMD cards run by amdgpu. A card that sleeps is named, and left asleep. */
export async function readAmd(sysfs: string, names: AmdNames): Promise<Card[]> {
  const cards = await drmCards(sysfs, ['amdgpu'])
  return Promise.all(cards.map(async (card) => readCard(card, names, await isSuspended(card.device))))
}

async function readCard(drm: DrmCard, names: AmdNames, suspended: boolean): Promise<Card> {
  const { device, number, busId } = drm
  const text = (name: string): Promise<string | undefined> => attribute(`${device}/${name}`)
  const sensors = suspended ? undefined : await readSensors(device)
  const dpm = async (file: string): Promise<number | undefined> =>
    suspended ? undefined : parseDpmClock(await text(file))
  const listed = async (): Promise<string | undefined> =>
    names(drm.productId, ((await text('revision')) ?? '').replace('0x', '').toUpperCase())
  return {
    vendor: 'amd',
    gpu: number,
    uuid: (await text('unique_id')) || busId,
    name: (await text('product_name')) || (await listed()) || `AMD GPU ${drm.productId}`.trim(),
    busId,
    driver: drm.driver,
    driverVersion: '',
    firmware: (await text('vbios_version')) ?? '',
    suspended,
    values: suspended ? {} : await readValues(device, sensors),
    clocks: {
      graphics: sensors?.frequencies.get('sclk') ?? (await dpm('pp_dpm_sclk')),
      memory: sensors?.frequencies.get('mclk') ?? (await dpm('pp_dpm_mclk')),
    },
    maxClocks: {},
    throttle: {},
    throttled: {},
    ecc: [],
  }
}

async function readValues(device: string, sensors: Sensors | undefined): Promise<Values> {
  const share = (file: string): Promise<number | undefined> => quantity(`${device}/${file}`, 100)
  const bytes = (file: string): Promise<number | undefined> => quantity(`${device}/${file}`)
  const [total, used] = [await bytes('mem_info_vram_total'), await bytes('mem_info_vram_used')]
  return {
    utilization: await share('gpu_busy_percent'),
    memoryUtilization: await share('mem_busy_percent'),
    memoryTotal: total,
    memoryUsed: used,
    memoryFree: total === undefined || used === undefined ? undefined : total - used,
    sharedMemoryTotal: await bytes('mem_info_gtt_total'),
    sharedMemoryUsed: await bytes('mem_info_gtt_used'),
    temperature: sensors?.temperatures.get('edge') ?? sensors?.temperatures.get('temp1'),
    hotspotTemperature: sensors?.temperatures.get('junction'),
    memoryTemperature: sensors?.temperatures.get('mem'),
    power: sensors?.power,
    powerLimit: sensors?.powerLimit,
    energy: sensors?.energy,
    fanSpeed: sensors?.fanSpeed,
    fanRatio: sensors?.fanRatio,
    ...(await readLink(device)),
  }
}
