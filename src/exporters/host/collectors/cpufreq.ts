import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'
import { numberAttribute, times } from '../sysfs.ts'

export const metrics = {
  current: gauge('node_cpu_frequency_hertz', 'Current CPU thread frequency in hertz.', 'cpu'),
  average: gauge('node_cpu_frequency_avg_hertz', 'Average CPU thread frequency in hertz.', 'cpu'),
  min: gauge('node_cpu_frequency_min_hertz', 'Minimum CPU thread frequency in hertz.', 'cpu'),
  max: gauge('node_cpu_frequency_max_hertz', 'Maximum CPU thread frequency in hertz.', 'cpu'),
  scalingCurrent: gauge('node_cpu_scaling_frequency_hertz', 'Current scaled CPU thread frequency in hertz.', 'cpu'),
  scalingMin: gauge('node_cpu_scaling_frequency_min_hertz', 'Minimum scaled CPU thread frequency in hertz.', 'cpu'),
  scalingMax: gauge('node_cpu_scaling_frequency_max_hertz', 'Maximum scaled CPU thread frequency in hertz.', 'cpu'),
  governor: gauge('node_cpu_scaling_governor', 'Current enabled CPU frequency governor.', 'cpu', 'governor'),
}

/** Each frequency in hertz, by the sysfs attribute that gives it in kilohertz. */
const files = {
  current: 'cpuinfo_cur_freq',
  average: 'cpuinfo_avg_freq',
  min: 'cpuinfo_min_freq',
  max: 'cpuinfo_max_freq',
  scalingCurrent: 'scaling_cur_freq',
  scalingMin: 'scaling_min_freq',
  scalingMax: 'scaling_max_freq',
} as const

type Frequencies = { readonly [K in keyof typeof files]: number | undefined }

export interface CpuFrequency extends Frequencies {
  readonly cpu: string
  readonly governor: string | undefined
  readonly governors: readonly string[]
}

const root = 'devices/system/cpu'

function readCpu(source: Source, dir: string): CpuFrequency {
  const path = `${root}/${dir}/cpufreq`
  const hertz = (file: string): number | undefined => times(numberAttribute(source, `${path}/${file}`), 1000)
  return {
    cpu: dir.slice(3),
    current: hertz(files.current),
    average: hertz(files.average),
    min: hertz(files.min),
    max: hertz(files.max),
    scalingCurrent: hertz(files.scalingCurrent),
    scalingMin: hertz(files.scalingMin),
    scalingMax: hertz(files.scalingMax),
    governor: source.attribute(`${path}/scaling_governor`),
    governors: source.attribute(`${path}/scaling_available_governors`)?.split(' ') ?? [],
  }
}

/** CPU frequencies: what the hardware can and does (cpuinfo), and what the governor allows (scaling). */
export function createCpufreq(source: Source): Collector<CpuFrequency[]> {
  return {
    name: 'cpufreq',
    read: () =>
      source
        .sysList(root)
        .filter((name) => /^cpu\d+$/.test(name) && existsSync(join(source.roots.sys, root, name, 'cpufreq')))
        .map((dir) => readCpu(source, dir)),
    write(reading, out) {
      for (const cpu of reading) {
        for (const key of Object.keys(files) as (keyof typeof files)[]) out.set(metrics[key], cpu[key], cpu.cpu)
        if (cpu.governor === undefined) continue
        for (const name of cpu.governors) out.set(metrics.governor, name === cpu.governor ? 1 : 0, cpu.cpu, name)
      }
    },
  }
}
