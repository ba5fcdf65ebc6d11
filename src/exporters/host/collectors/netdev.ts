import { counter, metricsByKey } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { HostConfig } from '../config.ts'
import { createFilter } from '../lib/filter.ts'
import { count, eachLine, isNamePart, words } from '../lib/text.ts'
import type { Source } from '../source.ts'

/** `node_network_<key>_total`, keys as in `DeviceCounters`. */
export const metricOf = metricsByKey((key) =>
  counter(`node_network_${key}_total`, `Network device statistic ${key}.`, 'device'),
)

/** The counters of one device since it appeared: `receive_bytes`, `transmit_packets`, `receive_errs`, … */
export type DeviceCounters = ReadonlyMap<string, number>

/** Counters by device. */
export type NetworkTraffic = ReadonlyMap<string, DeviceCounters>

/** The columns, named by the two-line heading: `face |bytes packets …|bytes packets …`. */
function columns(heading: string): string[] {
  const [, receive = '', transmit = ''] = heading.split('|')
  return [...words(receive).map((name) => `receive_${name}`), ...words(transmit).map((name) => `transmit_${name}`)]
}

export function parseNetworkTraffic(text: string): NetworkTraffic {
  const devices = new Map<string, Map<string, number>>()
  const names = columns(text.split('\n', 2)[1] ?? '')
  eachLine(text, (start, end) => {
    const line = text.slice(start, end)
    const colon = line.lastIndexOf(':')
    if (colon < 0) return // the heading
    const counters = new Map<string, number>()
    const fields = words(line, colon + 1)
    for (let i = 0; i < names.length; i++) {
      const value = count(fields[i])
      const name = names[i] as string
      if (value !== undefined && isNamePart(name)) counters.set(name, value)
    }
    devices.set(line.slice(0, colon).trim(), counters)
  })
  return devices
}

export function createNetdev(source: Source, config: HostConfig): Collector<NetworkTraffic> {
  const wanted = createFilter(config.net_exclude, config.net_include)
  return {
    name: 'netdev',
    read() {
      const devices = new Map<string, DeviceCounters>()
      for (const [device, counters] of parseNetworkTraffic(source.proc('net/dev'))) {
        if (!wanted(device)) continue
        const unhandled = count(source.attribute(`class/net/${device}/statistics/rx_nohandler`))
        devices.set(
          device,
          unhandled === undefined ? counters : new Map([...counters, ['receive_nohandler', unhandled]]),
        )
      }
      return devices
    },
    write(reading, out) {
      for (const [device, counters] of reading) {
        for (const [key, value] of counters) out.set(metricOf(key), value, device)
      }
    },
  }
}
