import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Metric } from '../../../lib/exposition.ts'
import type { Source } from '../source.ts'
import { toNumber } from '../sysfs.ts'
import { cleanName, hwmonFamily, sensorTypes } from './families.ts'

export interface HwmonSample {
  readonly metric: Metric
  readonly sensor: string
  readonly value: number
}

/** One chip's sensors in the units of their families. */
export interface HwmonSensors {
  readonly labels: readonly { readonly sensor: string; readonly label: string }[]
  readonly samples: readonly HwmonSample[]
}

/** `temp1_max` is sensor temp1, type temp, property max; undefined for files that are no sensor's. */
export function parseAttributeName(file: string): { type: string; sensor: string; property: string } | undefined {
  const [, type = '', number = '', property = ''] = /^([^0-9]+)([0-9]*)(?:_(.+))?$/.exec(file) ?? []
  if (!sensorTypes.has(type)) return undefined
  return { type, sensor: `${type}${Number(number)}`, property }
}

/** A chip's attribute files and their texts -> samples. What is not a number is left out. */
export function sensorsOf(attributes: ReadonlyMap<string, string>): HwmonSensors {
  const parsed = [...attributes].flatMap(([file, text]) => {
    const name = parseAttributeName(file)
    return name === undefined ? [] : [{ ...name, text }]
  })
  const labelled = parsed.filter(({ property }) => property === 'label')
  const bare = new Set(parsed.filter(({ property }) => property === '').map(({ sensor }) => sensor))
  const labelOf = new Map(labelled.map(({ sensor, text }) => [sensor, text]))
  const samples = parsed.flatMap(({ type, sensor, property, text }) => {
    const value = toNumber(text)
    if (property === 'label' || value === undefined) return []
    const { metric, divisor } = hwmonFamily(type, property, bare.has(sensor))
    // Clocks are told apart by what they drive (sclk, mclk); node_exporter leaves unnamed ones out.
    const clock = type === 'freq' && property === 'input' ? labelOf.get(sensor) : sensor
    return clock === undefined
      ? []
      : [{ metric, sensor: clock === sensor ? sensor : cleanName(clock), value: value / divisor }]
  })
  return { labels: labelled.map(({ sensor, text }) => ({ sensor, label: text })), samples }
}

/** `platform_coretemp_0` from /sys/devices/platform/coretemp.0: stable where hwmon numbers are not. */
export function chipNameOf(devicePath: string): string {
  return [cleanName(basename(dirname(devicePath))), cleanName(basename(devicePath))]
    .filter((part) => part !== '')
    .join('_')
}

function resolve(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

export interface ChipId {
  /** Directory under class/hwmon. */
  readonly dir: string
  /** Value of the label `chip`. */
  readonly chip: string
  /** The driver's word for it: k10temp, nct6775. */
  readonly name: string
}

function identify(source: Source, dir: string): ChipId {
  const name = cleanName(source.attribute(`class/hwmon/${dir}/name`) ?? '')
  const device = resolve(join(source.roots.sys, 'class/hwmon', dir, 'device'))
  const chip = (device === undefined ? '' : chipNameOf(device)) || name || cleanName(dir)
  return { dir, chip, name }
}

/** All chips with distinct labels: chips of one device are told apart by name, or else by directory. */
export function identifyChips(source: Source, dirs: readonly string[]): ChipId[] {
  const chips = dirs.map((dir) => identify(source, dir))
  const suffix = (id: ChipId): string => {
    const twins = chips.filter(({ chip }) => chip === id.chip)
    if (twins.length === 1) return ''
    const named = id.name !== '' && twins.filter(({ name }) => name === id.name).length === 1
    return `_${named ? id.name : cleanName(id.dir)}`
  }
  return chips.map((id) => ({ dir: id.dir, name: id.name, chip: id.chip + suffix(id) }))
}
