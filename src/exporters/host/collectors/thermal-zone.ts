import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { complain, createSlowDevices } from '../slow-devices.ts'
import type { Source } from '../source.ts'
import { numberAttribute, per, toNumber } from '../sysfs.ts'

export const metrics = {
  temperature: gauge('node_thermal_zone_temp', 'Zone temperature in Celsius', 'zone', 'type'),
  currentState: gauge('node_cooling_device_cur_state', 'Current throttle state of the cooling device', 'name', 'type'),
  maxState: gauge('node_cooling_device_max_state', 'Maximum throttle state of the cooling device', 'name', 'type'),
}

export interface ThermalZone {
  readonly zone: string
  readonly type: string
  /** Degrees Celsius; undefined while the zone is switched off or its sensor does not answer. */
  readonly temperature: number | undefined
}

export interface CoolingDevice {
  readonly name: string
  readonly type: string
  readonly current: number | undefined
  readonly max: number | undefined
}

export interface Thermal {
  readonly zones: readonly ThermalZone[]
  readonly coolers: readonly CoolingDevice[]
  readonly silent: readonly string[]
}

const root = 'class/thermal'

async function readZone(source: Source, dir: string, signal: AbortSignal): Promise<ThermalZone> {
  return {
    zone: dir.slice('thermal_zone'.length),
    type: source.attribute(`${root}/${dir}/type`) ?? '',
    temperature: per(toNumber(await source.slowAttribute(`${root}/${dir}/temp`, signal)), 1000),
  }
}

function readCooler(source: Source, dir: string): CoolingDevice {
  return {
    name: dir.slice('cooling_device'.length),
    type: source.attribute(`${root}/${dir}/type`) ?? '',
    current: numberAttribute(source, `${root}/${dir}/cur_state`),
    max: numberAttribute(source, `${root}/${dir}/max_state`),
  }
}

/** Thermal zones and the devices that cool them. A zone that cannot be read is absent. */
export function createThermalZone(source: Source): Collector<Thermal> {
  const ask = createSlowDevices<ThermalZone>()
  return {
    name: 'thermal_zone',
    async read(signal) {
      const names = source.sysList(root)
      const coolers = names.filter((name) => name.startsWith('cooling_device'))
      const { answers, silent } = await ask(
        names.filter((name) => name.startsWith('thermal_zone')),
        (dir) => readZone(source, dir, signal),
      )
      return { zones: answers, coolers: coolers.map((dir) => readCooler(source, dir)), silent }
    },
    write({ zones, coolers, silent }, out) {
      for (const { zone, type, temperature } of zones) out.set(metrics.temperature, temperature, zone, type)
      for (const { name, type, current, max } of coolers) {
        out.set(metrics.currentState, current, name, type)
        out.set(metrics.maxState, max, name, type)
      }
      complain(silent)
    },
  }
}
