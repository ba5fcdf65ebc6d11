import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { identifyChips, parseAttributeName, sensorsOf, type ChipId, type HwmonSensors } from '../hwmon/chip.ts'
import { complain, createSlowDevices } from '../slow-devices.ts'
import type { Source } from '../source.ts'
import { devices } from '../sysfs.ts'

export const metrics = {
  chipNames: gauge('node_hwmon_chip_names', 'Annotation metric for human-readable chip names', 'chip', 'chip_name'),
  sensorLabel: gauge('node_hwmon_sensor_label', 'Label for given chip and sensor', 'chip', 'sensor', 'label'),
}

export interface HwmonChip extends HwmonSensors {
  readonly chip: string
  readonly name: string
}

export interface Hwmon {
  readonly chips: readonly HwmonChip[]
  /** Chips that did not answer in time. */
  readonly silent: readonly string[]
}

// One attribute after the other: a chip's bus serves one at a time anyway, and a hanging one then holds one thread only.
async function readChip(source: Source, id: ChipId, signal: AbortSignal): Promise<HwmonChip> {
  const texts = new Map<string, string>()
  const dir = `class/hwmon/${id.dir}`
  // Old drivers keep their attributes in the device's directory.
  for (const place of id.hasDevice ? [dir, `${dir}/device`] : [dir]) {
    for (const file of source.sysList(place)) {
      if (parseAttributeName(file) === undefined) continue
      const text = await source.slowAttribute(`${place}/${file}`, signal)
      if (text !== undefined) texts.set(file, text)
    }
  }
  return { chip: id.chip, name: id.name, ...sensorsOf(texts) }
}

/** Hardware sensors: temperatures, fans, voltages, power. A chip that hangs is named, and the others still report. */
export function createHwmon(source: Source): Collector<Hwmon> {
  const ask = createSlowDevices<HwmonChip>()
  return {
    name: 'hwmon',
    async read(signal) {
      const ids = new Map(identifyChips(source, devices(source, 'class/hwmon')).map((id) => [id.chip, id]))
      const { answers, silent } = await ask([...ids.keys()], (chip) =>
        readChip(source, ids.get(chip) as ChipId, signal),
      )
      return { chips: answers.toSorted((a, b) => (a.chip < b.chip ? -1 : 1)), silent }
    },
    write({ chips, silent }, out) {
      for (const { chip, name, labels, samples } of chips) {
        if (name !== '') out.set(metrics.chipNames, 1, chip, name)
        for (const { sensor, label } of labels) out.set(metrics.sensorLabel, 1, chip, sensor, label)
        for (const { metric, sensor, value } of samples) out.set(metric, value, chip, sensor)
      }
      complain(silent)
    },
  }
}
