import { gauge, type Metric } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'
import { devices, numberAttribute } from '../sysfs.ts'

function value(name: string): Metric {
  return gauge(`node_power_supply_${name}`, `${name} value of /sys/class/power_supply/<power_supply>.`, 'power_supply')
}

interface Numeric {
  /** Attribute in sysfs. */
  readonly file: string
  readonly metric: Metric
  readonly divisor: number
}

/** `file` or `file:name in the metric` for those whose names differ. */
function numerics(divisor: number, names: string): Numeric[] {
  return names
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const [file = '', name = file] = entry.split(':')
      return { file, metric: value(name), divisor }
    })
}

const attributes: readonly Numeric[] = [
  ...numerics(
    1,
    `authentic calibrate capacity capacity_alert_max capacity_alert_min cycle_count:cyclecount online present
     time_to_empty_now:time_to_empty_seconds time_to_full_now:time_to_full_seconds`,
  ),
  // The kernel gives micro-amperes, -volts, -watts and -hours of them.
  ...numerics(
    1e6,
    `current_boot current_max current_now:current_ampere energy_empty energy_empty_design energy_full
     energy_full_design energy_now:energy_watthour voltage_boot voltage_max voltage_max_design voltage_min
     voltage_min_design voltage_now:voltage_volt voltage_ocv charge_control_limit charge_control_limit_max
     charge_counter charge_empty charge_empty_design charge_full charge_full_design charge_now:charge_ampere
     charge_term_current constant_charge_current constant_charge_current_max constant_charge_voltage
     constant_charge_voltage_max precharge_current input_current_limit power_now:power_watt`,
  ),
  // Tenths of a degree.
  ...numerics(
    10,
    `temp:temp_celsius temp_alert_max:temp_alert_max_celsius temp_alert_min:temp_alert_min_celsius
     temp_ambient:temp_ambient_celsius temp_ambient_max:temp_ambient_max_celsius
     temp_ambient_min:temp_ambient_min_celsius temp_max:temp_max_celsius temp_min:temp_min_celsius`,
  ),
]

const texts = [
  'capacity_level',
  'charge_type',
  'health',
  'manufacturer',
  'model_name',
  'serial_number',
  'status',
  'technology',
  'type',
  'usb_type',
  'scope',
]

/** Of a power supply; the others by the name of their sysfs attribute. */
export const metrics: { readonly info: Metric } & Readonly<Record<string, Metric>> = {
  info: gauge('node_power_supply_info', 'info of /sys/class/power_supply/<power_supply>.', 'power_supply', ...texts),
  ...Object.fromEntries(attributes.map(({ file, metric }) => [file, metric])),
}

/** A battery, a mains adapter, a USB port that feeds. */
export interface PowerSupply {
  readonly name: string
  readonly values: readonly { readonly metric: Metric; readonly value: number }[]
  readonly texts: readonly string[]
}

function readSupply(source: Source, name: string): PowerSupply {
  const path = `class/power_supply/${name}`
  // Only what the directory lists: each supply has a handful of the many attributes there are.
  const present = new Set(source.sysList(path))
  const values = attributes.flatMap(({ file, metric, divisor }) => {
    const raw = present.has(file) ? numberAttribute(source, `${path}/${file}`) : undefined
    return raw === undefined ? [] : [{ metric, value: raw / divisor }]
  })
  const text = (file: string): string => (present.has(file) ? source.attribute(`${path}/${file}`) : undefined) ?? ''
  return { name, values, texts: texts.map(text) }
}

/** Batteries and mains. */
export function createPowersupplyclass(source: Source): Collector<PowerSupply[]> {
  return {
    name: 'powersupplyclass',
    read: () => devices(source, 'class/power_supply').map((name) => readSupply(source, name)),
    write(reading, out) {
      for (const supply of reading) {
        out.set(metrics.info, 1, supply.name, ...supply.texts)
        for (const { metric, value: amount } of supply.values) out.set(metric, amount, supply.name)
      }
    },
  }
}
