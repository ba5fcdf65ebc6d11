import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { HostConfig } from '../config.ts'
import { createFilter } from '../lib/filter.ts'
import { eachLine, words } from '../lib/text.ts'
import type { Source } from '../source.ts'

export const metrics = {
  entries: gauge('node_arp_entries', 'ARP entries by device', 'device'),
}

/** Number of ARP entries by device. */
export type ArpEntries = ReadonlyMap<string, number>

const deviceColumn = 5

export function parseArp(text: string): ArpEntries {
  const entries = new Map<string, number>()
  eachLine(text, (start, end) => {
    if (start === 0) return // the heading
    const device = words(text, start, end)[deviceColumn]
    if (device !== undefined) entries.set(device, (entries.get(device) ?? 0) + 1)
  })
  return entries
}

export function createArp(source: Source, config: HostConfig): Collector<ArpEntries> {
  const wanted = createFilter(config.arp_exclude, config.arp_include)
  return {
    name: 'arp',
    read: () => parseArp(source.proc('net/arp')),
    write(reading, out) {
      for (const [device, count] of reading) if (wanted(device)) out.set(metrics.entries, count, device)
    },
  }
}
