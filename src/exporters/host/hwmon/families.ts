import { counter, gauge, type Metric } from '../../../lib/exposition.ts'

/** Of a sensor: the family that one of its attributes feeds, and what to divide the kernel's integer by. */
export interface HwmonFamily {
  readonly metric: Metric
  readonly divisor: number
}

const sensorLabels = ['chip', 'sensor'] as const

const make = (name: string, help: string, divisor: number, kind = gauge): HwmonFamily => ({
  metric: kind(name, help, ...sensorLabels),
  divisor,
})

/** Attributes of a chip as a whole; the kernel gives them no number. */
const chipWide: Readonly<Record<string, HwmonFamily>> = {
  beep_enable: make('node_hwmon_beep_enabled', 'Hardware beep enabled', 1),
  vrm: make('node_hwmon_voltage_regulator_version', 'Hardware voltage regulator', 1),
  update_interval: make('node_hwmon_update_interval_seconds', 'Hardware monitor update interval', 1000),
}

/** Kinds of sensor, by the first part of their attributes' names. */
export const sensorTypes: ReadonlySet<string> = new Set([
  ...Object.keys(chipWide),
  'in',
  'cpu',
  'fan',
  'pwm',
  'temp',
  'curr',
  'power',
  'energy',
  'humidity',
  'intrusion',
  'freq',
])

const rpm: ReadonlySet<string> = new Set(['input', 'min', 'max', 'target'])
const intervals: ReadonlySet<string> = new Set(['average_interval', 'average_interval_min', 'average_interval_max'])

/** Lower case, only what a metric name may hold, no underscores at the ends. */
export function cleanName(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9:_]/g, '_')
    .replaceAll(/^_+|_+$/g, '')
}

function power(name: string, property: string): HwmonFamily {
  if (property === 'accuracy') return make(name, 'Hardware monitor power meter accuracy, as a ratio', 1e6)
  if (intervals.has(property)) {
    return make(`${name}_seconds`, `Hardware monitor power usage update interval (${property})`, 1000)
  }
  return make(`${name}_watt`, `Hardware monitor for power usage in watts (${property})`, 1e6)
}

function measured(type: string, property: string, name: string): HwmonFamily | undefined {
  switch (type) {
    case 'in':
    case 'cpu':
      return make(`${name}_volts`, `Hardware monitor for voltage (${property})`, 1000)
    case 'temp':
      if (property === 'type') return undefined
      return make(`${name}_celsius`, `Hardware monitor for temperature (${property || 'input'})`, 1000)
    case 'curr':
      return make(`${name}_amps`, `Hardware monitor for current (${property})`, 1000)
    case 'energy':
      return make(`${name}_joule_total`, `Hardware monitor for joules used so far (${property})`, 1e6, counter)
    case 'power':
      return power(name, property)
    case 'humidity':
      return make(
        name,
        `Hardware monitor for humidity, as a ratio (multiply with 100.0 to get the humidity as a percentage) (${property})`,
        1e6,
      )
    case 'fan':
      if (!rpm.has(property)) return undefined
      return make(`${name}_rpm`, `Hardware monitor for fan revolutions per minute (${property})`, 1)
    case 'freq':
      if (property !== 'input') return undefined
      return make(`${name}_freq_mhz`, 'Hardware monitor for GPU frequency in MHz', 1e6)
    default:
      return undefined
  }
}

function define(type: string, property: string, hasBare: boolean): HwmonFamily {
  const whole = chipWide[type]
  if (whole !== undefined) return whole
  let name = `node_hwmon_${type}`
  // The reading itself carries no suffix, unless another attribute (`pwm1`) already has the bare name.
  if (property === 'input') name += hasBare ? '_input' : ''
  else if (property !== '') name += `_${cleanName(property)}`
  if (property === 'fault' || property === 'alarm') {
    return make(name, `Hardware sensor ${property} status (${type})`, 1)
  }
  if (property === 'beep') return make(`${name}_enabled`, 'Hardware monitor sensor has beeping enabled', 1)
  return measured(type, property, name) ?? make(name, `Hardware monitor ${type} element ${property}`, 1)
}

const known = new Map<string, HwmonFamily>()
const byName = new Map<string, HwmonFamily>()

/** The family of an attribute; `hasBare` says that the sensor also has an attribute without property. */
export function hwmonFamily(type: string, property: string, hasBare: boolean): HwmonFamily {
  const key = `${type} ${property} ${hasBare}`
  let family = known.get(key)
  if (family === undefined) {
    const made = define(type, property, hasBare)
    // `temp1_max_alarm` and `temp1_max-alarm` would be one name: a page must not hold it twice.
    family = byName.get(made.metric.name) ?? made
    byName.set(family.metric.name, family)
    known.set(key, family)
  }
  return family
}
