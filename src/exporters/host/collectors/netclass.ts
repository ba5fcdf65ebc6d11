import { counter, gauge, type Metric } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { HostConfig } from '../config.ts'
import { createFilter } from '../lib/filter.ts'
import { createDirectoryWatch } from '../lib/directory-watch.ts'
import { number } from '../lib/text.ts'
import type { Source } from '../source.ts'

const property = (name: string, make = gauge): Metric =>
  make(`node_network_${name}`, `Network device property: ${name}`, 'device')

/** Files below /sys/class/net/<device> and the series each becomes. */
const properties: Readonly<Record<string, Metric>> = {
  addr_assign_type: property('address_assign_type'),
  carrier: property('carrier'),
  carrier_changes: property('carrier_changes_total', counter),
  carrier_down_count: property('carrier_down_changes_total', counter),
  carrier_up_count: property('carrier_up_changes_total', counter),
  dev_id: property('device_id'),
  dormant: property('dormant'),
  flags: property('flags'),
  ifindex: property('iface_id'),
  iflink: property('iface_link'),
  link_mode: property('iface_link_mode'),
  mtu: property('mtu_bytes'),
  name_assign_type: property('name_assign_type'),
  netdev_group: property('net_dev_group'),
  type: property('protocol_type'),
  speed: property('speed_bytes'),
  tx_queue_len: property('transmit_queue_length'),
}

const labels = ['address', 'broadcast', 'device', 'duplex', 'ifalias', 'operstate']

export const metrics = {
  ...properties,
  up: gauge('node_network_up', "Value is 1 if operstate is 'up', 0 otherwise.", 'device'),
  info: gauge('node_network_info', 'Non-numeric data from /sys/class/net/<iface>, value is always 1.', ...labels),
}

/** One network device. `speed_bytes` is in bytes per second; what a device does not tell is missing. */
export interface NetworkDevice {
  readonly device: string
  readonly address: string
  readonly broadcast: string
  readonly duplex: string
  readonly ifalias: string
  /** Missing if the kernel does not tell. */
  readonly operstate: string | undefined
  /** Values by file name, as in `properties`; `speed` in bytes per second. */
  readonly values: ReadonlyMap<string, number>
}

const interfaceUp = 1
/** Files that refuse to be read (EINVAL) while the device is administratively down. */
const onlyWhenUp = new Set(['carrier', 'dormant', 'speed', 'duplex'])
/** Files whose content stays for as long as the device keeps its name. */
const fixed = new Set(['ifindex', 'dev_id', 'name_assign_type'])
const megabit = 1_000_000 / 8

/** Reads one device. A file that refused is asked again only after the device's state changed: an error costs as much as ten reads. */
function createDeviceReader(source: Source, device: string): () => NetworkDevice {
  const refused = new Set<string>()
  const kept = new Map<string, string>()
  let state = ''
  const read = (file: string): string | undefined => {
    if (refused.has(file)) return undefined
    const before = kept.get(file)
    if (before !== undefined) return before
    const text = source.attribute(`class/net/${device}/${file}`)
    if (text === undefined) refused.add(file)
    else if (fixed.has(file)) kept.set(file, text)
    return text
  }
  return () => {
    const always = ['flags', 'operstate', 'carrier_changes'] as const
    const [flags, operstate, changes] = always.map((file) => source.attribute(`class/net/${device}/${file}`))
    const now = `${flags} ${operstate} ${changes}`
    if (now !== state) refused.clear()
    state = now
    const down = ((number(flags) ?? interfaceUp) & interfaceUp) === 0
    const ask = (file: string): string | undefined => (down && onlyWhenUp.has(file) ? undefined : read(file))
    const known: Readonly<Record<string, string | undefined>> = { flags, carrier_changes: changes }
    const values = new Map<string, number>()
    for (const file of Object.keys(properties)) {
      const value = number(known[file] ?? ask(file))
      const unsound = value !== undefined && value < 0 && properties[file]?.type === 'counter'
      if (value !== undefined && !unsound) values.set(file, file === 'speed' ? value * megabit : value)
    }
    const [address = '', broadcast = '', duplex = '', ifalias = ''] = ['address', 'broadcast', 'duplex', 'ifalias'].map(
      ask,
    )
    return { device, address, broadcast, duplex, ifalias, operstate, values }
  }
}

export function createNetclass(source: Source, config: HostConfig): Collector<NetworkDevice[]> {
  const wanted = createFilter(config.netclass_exclude)
  const watch = createDirectoryWatch(source, 'class/net', (device) => createDeviceReader(source, device))
  return {
    name: 'netclass',
    read: () => watch(wanted).map((readDevice) => readDevice()),
    write(reading, out) {
      for (const { device, address, broadcast, duplex, ifalias, operstate, values } of reading) {
        if (operstate !== undefined) out.set(metrics.up, operstate === 'up' ? 1 : 0, device)
        out.set(metrics.info, 1, address, broadcast, device, duplex, ifalias, operstate ?? '')
        for (const [file, value] of values) {
          if (file === 'speed' && value < 0 && config.netclass_ignore_invalid_speed) continue
          out.set(properties[file] as Metric, value, device)
        }
      }
    },
  }
}
