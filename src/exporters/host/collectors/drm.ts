import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'
import { devices, numberAttribute } from '../sysfs.ts'

const bytes = (name: string, help: string) => gauge(`node_drm_memory_${name}_bytes`, help, 'card')

export const metrics = {
  info: gauge(
    'node_drm_card_info',
    'Card information',
    'card',
    'memory_vendor',
    'power_performance_level',
    'unique_id',
    'vendor',
  ),
  busy: gauge('node_drm_gpu_busy_percent', 'How busy the GPU is as a percentage.', 'card'),
  gttSize: bytes('gtt_size', 'The size of the graphics translation table (GTT) block in bytes.'),
  gttUsed: bytes('gtt_used', 'The used amount of the graphics translation table (GTT) block in bytes.'),
  visibleVramSize: bytes('vis_vram_size', 'The size of visible VRAM in bytes.'),
  visibleVramUsed: bytes('vis_vram_used', 'The used amount of visible VRAM in bytes.'),
  vramSize: bytes('vram_size', 'The size of VRAM in bytes.'),
  vramUsed: bytes('vram_used', 'The used amount of VRAM in bytes.'),
}

/** One graphics card of the driver amdgpu; memory in bytes. */
export interface DrmCard {
  readonly card: string
  readonly memoryVendor: string
  readonly performanceLevel: string
  readonly uniqueId: string
  readonly busy: number | undefined
  readonly gttSize: number | undefined
  readonly gttUsed: number | undefined
  readonly visibleVramSize: number | undefined
  readonly visibleVramUsed: number | undefined
  readonly vramSize: number | undefined
  readonly vramUsed: number | undefined
}

function readCard(source: Source, card: string): DrmCard {
  const path = `class/drm/${card}/device`
  const text = (file: string): string => source.attribute(`${path}/${file}`) ?? ''
  const number = (file: string): number | undefined => numberAttribute(source, `${path}/${file}`)
  return {
    card,
    memoryVendor: text('mem_info_vram_vendor'),
    performanceLevel: text('power_dpm_force_performance_level'),
    uniqueId: text('unique_id'),
    busy: number('gpu_busy_percent'),
    gttSize: number('mem_info_gtt_total'),
    gttUsed: number('mem_info_gtt_used'),
    visibleVramSize: number('mem_info_vis_vram_total'),
    visibleVramUsed: number('mem_info_vis_vram_used'),
    vramSize: number('mem_info_vram_total'),
    vramUsed: number('mem_info_vram_used'),
  }
}

const isAmd = (source: Source, card: string): boolean =>
  /^DRIVER=amdgpu$/m.test(source.attribute(`class/drm/${card}/device/uevent`) ?? '')

// Asking a card that sleeps would wake it; its runtime status can be asked safely.
const isAwake = (source: Source, card: string): boolean =>
  source.attribute(`class/drm/${card}/device/power/runtime_status`) !== 'suspended'

/** AMD graphics cards, as node_exporter names them. Off unless asked for, as there: the gpu exporter says more. */
export function createDrm(source: Source): Collector<DrmCard[]> {
  return {
    name: 'drm',
    read: () =>
      devices(source, 'class/drm')
        .filter((name) => /^card\d+$/.test(name) && isAmd(source, name) && isAwake(source, name))
        .map((card) => readCard(source, card)),
    write(reading, out) {
      for (const card of reading) {
        out.set(metrics.info, 1, card.card, card.memoryVendor, card.performanceLevel, card.uniqueId, 'amd')
        for (const key of [
          'busy',
          'gttSize',
          'gttUsed',
          'visibleVramSize',
          'visibleVramUsed',
          'vramSize',
          'vramUsed',
        ] as const) {
          out.set(metrics[key], card[key], card.card)
        }
      }
    },
  }
}
