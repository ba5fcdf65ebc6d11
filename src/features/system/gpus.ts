import type { Card, GpuProcess } from '../../exporters/gpu/card.ts'
import { known, share } from '../lib/rates.ts'
import type { SystemConfig } from './config.ts'
import type { SystemMetrics } from './contract.ts'
import { levelOf, worst, type Level } from './levels.ts'

type Gpu = SystemMetrics['gpus'][number]

/** The collectors of the gpu exporter that have cards. */
export const gpuCollectors = ['nvidia', 'amd', 'intel'] as const

/** What every vendor's reading holds; NVIDIA's processes are unknown where the driver does not list them. */
interface Cards {
  readonly cards: readonly Card[]
  readonly processes?: readonly GpuProcess[] | undefined
}

function gpuOf({ uuid, name, vendor, values }: Card, processes: readonly GpuProcess[]): Gpu {
  const { utilization, memoryUsed, memoryTotal, temperature, power, powerLimit, fanRatio } = values
  return {
    uuid,
    name,
    vendor,
    ...known({
      utilization,
      memoryUsed,
      memoryTotal,
      celsius: temperature,
      watts: power,
      powerLimit,
      fan: fanRatio,
    }),
    processes: processes
      .filter((process) => process.uuid === uuid)
      .map(({ pid, name: program, model, memory }) => known({ pid, name: program, model, memory })),
  }
}

/** The cards of all vendors, and what runs on them; exactly what the readings know. */
export function gpusOf(readings: ReadonlyMap<string, unknown>): Gpu[] {
  return gpuCollectors.flatMap((vendor) => {
    const reading = readings.get(vendor) as Cards | undefined
    return (reading?.cards ?? []).map((card) => gpuOf(card, reading?.processes ?? []))
  })
}

/** The worst that memory and temperature of any card say; undefined without a card. */
export function gpuLevel(gpus: readonly Gpu[], config: SystemConfig): Level | undefined {
  return worst(
    gpus.flatMap(({ memoryUsed, memoryTotal, celsius }): Level[] => {
      const used = share(memoryUsed, memoryTotal)
      const byMemory = used === undefined ? 'ok' : levelOf(used, config.gpu_memory)
      return [byMemory, celsius === undefined ? 'ok' : levelOf(celsius, config.gpu_temperature)]
    }),
  )
}
