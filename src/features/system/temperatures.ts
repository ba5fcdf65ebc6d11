import type { Hwmon, HwmonChip } from '../../exporters/host/collectors/hwmon.ts'
import type { Thermal } from '../../exporters/host/collectors/thermal-zone.ts'
import { known } from '../lib/rates.ts'
import type { SystemMetrics } from './contract.ts'

type Sensor = Omit<SystemMetrics['temperatures'][number], 'level'>

/** Drivers write 0, -273 or 65261 where there is no limit. */
const plausible = (celsius: number | undefined): number | undefined =>
  celsius !== undefined && celsius > 30 && celsius < 200 ? celsius : undefined

function ofChip({ chip, name, labels, samples }: HwmonChip): Sensor[] {
  const values = (family: string): Map<string, number> =>
    new Map(samples.filter(({ metric }) => metric.name === family).map(({ sensor, value }) => [sensor, value]))
  const critical = values('node_hwmon_temp_crit_celsius')
  const labelOf = new Map(labels.map(({ sensor, label }) => [sensor, label]))
  return [...values('node_hwmon_temp_celsius')].map(([sensor, celsius]) =>
    known({
      name: `${name === '' ? chip : name} ${labelOf.get(sensor) ?? sensor}`,
      celsius,
      critical: plausible(critical.get(sensor)),
    }),
  )
}

/** Temperatures of the hardware sensors, and of thermal zones that are no such sensor too. Names are distinct. */
export function temperaturesOf(hwmon: Hwmon | undefined, thermal: Thermal | undefined): Sensor[] {
  const chips = hwmon?.chips ?? []
  const names = new Set(chips.map(({ name }) => name))
  const zones = (thermal?.zones ?? []).flatMap(({ type, temperature }) =>
    temperature === undefined || names.has(type) ? [] : [{ name: type, celsius: temperature }],
  )
  return distinct([...chips.flatMap(ofChip), ...zones])
}

function distinct(sensors: readonly Sensor[]): Sensor[] {
  const count = new Map<string, number>()
  return sensors.map((sensor) => {
    const n = (count.get(sensor.name) ?? 0) + 1
    count.set(sensor.name, n)
    return n === 1 ? sensor : Object.assign(sensor, { name: `${sensor.name} #${n}` })
  })
}
