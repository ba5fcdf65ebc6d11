import type { Card } from '../card.ts'
import { drmCards, isSuspended, type DrmCard } from './drm.ts'
import { quantity } from './files.ts'
import { readSensors, type Sensors } from './hwmon.ts'
import { readLink } from './pcie.ts'

/** i915 tells its clocks in MHz beside the card, newer ones and xe per GT (graphics tile) further down. */
const clockFiles = {
  actual: ['gt_act_freq_mhz', 'gt/gt0/rps_act_freq_mhz', 'device/tile0/gt0/freq0/act_freq'],
  requested: ['gt_cur_freq_mhz', 'gt/gt0/rps_cur_freq_mhz', 'device/tile0/gt0/freq0/cur_freq'],
  max: ['gt_max_freq_mhz', 'gt/gt0/rps_max_freq_mhz', 'device/tile0/gt0/freq0/max_freq'],
} as const

/**
 * Intel cards run by i915 or xe. The kernel gives sensors and clocks to everybody, utilisation and memory to nobody
 * through these files: those series are absent.
 */
export async function readIntel(sysfs: string): Promise<Card[]> {
  const cards = await drmCards(sysfs, ['i915', 'xe'])
  return Promise.all(cards.map(async (card) => readCard(card, await isSuspended(card.device))))
}

async function readCard(drm: DrmCard, suspended: boolean): Promise<Card> {
  const sensors = suspended ? undefined : await readSensors(drm.device)
  const clock = async (files: readonly string[]): Promise<number | undefined> => {
    for (const file of suspended ? [] : files) {
      const megahertz = await quantity(`${drm.path}/${file}`)
      if (megahertz !== undefined) return megahertz * 1e6
    }
    return undefined
  }
  return {
    vendor: 'intel',
    gpu: drm.number,
    uuid: drm.busId,
    name: `Intel GPU ${drm.productId}`.trim(),
    busId: drm.busId,
    driver: drm.driver,
    driverVersion: '',
    firmware: '',
    suspended,
    values: suspended ? {} : { ...valuesOf(sensors), ...(await readLink(drm.device)) },
    clocks: { graphics: await clock(clockFiles.actual), requested: await clock(clockFiles.requested) },
    maxClocks: { graphics: await clock(clockFiles.max) },
    throttle: {},
    throttled: {},
    ecc: [],
  }
}

function valuesOf(sensors: Sensors | undefined): Card['values'] {
  return {
    temperature: sensors?.temperatures.get('pkg') ?? sensors?.temperatures.get('temp1'),
    memoryTemperature: sensors?.temperatures.get('vram'),
    power: sensors?.power,
    powerLimit: sensors?.powerLimit,
    energy: sensors?.energy,
    fanSpeed: sensors?.fanSpeed,
  }
}
