import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { identifyChips, parseAttributeName, sensorsOf, type ChipId, type HwmonSensors } from '../hwmon/chip.ts'
import { createDirectoryWatch } from '../lib/directory-watch.ts'
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

interface Attribute {
  readonly file: string
  readonly path: string
}

/** A chip's attributes; they are the same for as long as its directory is. */
interface Known {
  readonly dir: string
  readonly attributes: readonly Attribute[]
  /** Labels by file, which do not change either. */
  readonly labels: Map<string, string>
}

// Old drivers keep their attributes in the device's directory.
function list(source: Source, dir: string): Known {
  const attributes = [`class/hwmon/${dir}`, `class/hwmon/${dir}/device`].flatMap((place) =>
    source
      .sysList(place)
      .filter((file) => parseAttributeName(file) !== undefined)
      .map((file) => ({ file, path: `${place}/${file}` })),
  )
  return { dir, attributes, labels: new Map() }
}

// One attribute after the other: a chip's bus serves one at a time anyway, and a hanging one then holds one thread only.
async function readChip(source: Source, id: ChipId, known: Known, signal: AbortSignal): Promise<HwmonChip> {
  const texts = new Map<string, string>()
  for (const { file, path } of known.attributes) {
    const text = known.labels.get(path) ?? (await source.slowAttribute(path, signal))
    if (text === undefined) continue
    texts.set(file, text)
    if (file.endsWith('_label')) known.labels.set(path, text)
  }
  return { chip: id.chip, name: id.name, ...sensorsOf(texts) }
}

/** Hardware sensors: temperatures, fans, voltages, power. A chip that hangs is named, and the others still report. */
export function createHwmon(source: Source): Collector<Hwmon> {
  const ask = createSlowDevices<HwmonChip>()
  const watch = createDirectoryWatch(source, 'class/hwmon', (dir) => list(source, dir))
  return {
    name: 'hwmon',
    async read(signal) {
      devices(source, 'class/hwmon')
      const known = new Map(watch(() => true).map((one) => [one.dir, one]))
      const ids = new Map(identifyChips(source, [...known.keys()]).map((id) => [id.chip, id]))
      const { answers, silent } = await ask([...ids.keys()], (chip) => {
        const id = ids.get(chip) as ChipId
        return readChip(source, id, known.get(id.dir) as Known, signal)
      })
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
