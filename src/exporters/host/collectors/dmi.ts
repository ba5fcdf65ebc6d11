import { UnavailableError } from '../../../errors.ts'
import { gauge, type Metric } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'
import { devices } from '../sysfs.ts'

const keys = [
  'bios_date',
  'bios_release',
  'bios_vendor',
  'bios_version',
  'board_asset_tag',
  'board_name',
  'board_serial',
  'board_vendor',
  'board_version',
  'chassis_asset_tag',
  'chassis_serial',
  'chassis_vendor',
  'chassis_version',
  'product_family',
  'product_name',
  'product_serial',
  'product_sku',
  'product_uuid',
  'product_version',
  'system_vendor',
]

export const metrics = {
  info: gauge(
    'node_dmi_info',
    `A metric with a constant '1' value labeled by ${keys.join(', ')} if provided by DMI.`,
    ...keys,
  ),
}

/** What the firmware says of the machine. Only what it gives, and what this user may read, becomes a label. */
export interface Dmi {
  readonly info: Metric
  readonly values: readonly string[]
}

function readDmi(source: Source): Dmi {
  devices(source, 'class/dmi/id')
  const found = keys.flatMap((key) => {
    // The one label whose file has another name.
    const value = source.attribute(`class/dmi/id/${key === 'system_vendor' ? 'sys_vendor' : key}`)
    return value === undefined ? [] : [{ key, value }]
  })
  if (found.length === 0) throw new UnavailableError('the firmware gives no DMI information')
  const { name, help } = metrics.info
  return { info: gauge(name, help, ...found.map(({ key }) => key)), values: found.map(({ value }) => value) }
}

/** Read once: the firmware's tables do not change until the next boot. */
export function createDmi(source: Source): Collector<Dmi> {
  let dmi: Dmi | undefined
  return {
    name: 'dmi',
    read: () => (dmi ??= readDmi(source)),
    write: ({ info, values }, out) => out.set(info, 1, ...values),
  }
}
