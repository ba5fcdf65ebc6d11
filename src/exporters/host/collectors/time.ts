import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import { localZone, type LocalZone } from '../lib/local-zone.ts'
import { words } from '../lib/text.ts'
import type { Source } from '../source.ts'

export const metrics = {
  now: gauge('node_time_seconds', 'System time in seconds since epoch (1970).'),
  zoneOffset: gauge('node_time_zone_offset_seconds', 'System time zone offset in seconds.', 'time_zone'),
  available: gauge(
    'node_time_clocksource_available_info',
    "Available clocksources read from '/sys/devices/system/clocksource'.",
    'clocksource',
    'device',
  ),
  current: gauge(
    'node_time_clocksource_current_info',
    "Current clocksource read from '/sys/devices/system/clocksource'.",
    'clocksource',
    'device',
  ),
}

export interface Clocksource {
  readonly device: string
  readonly available: readonly string[]
  readonly current: string | undefined
}

export interface Time {
  /** Seconds since the epoch. */
  readonly now: number
  readonly zone: LocalZone
  readonly clocksources: readonly Clocksource[]
}

const folder = 'devices/system/clocksource'
const prefix = 'clocksource'

function readClocksources(source: Source): Clocksource[] {
  const devices = source.sysList(folder).filter((name) => name.startsWith(prefix))
  return devices.map((name) => ({
    device: name.slice(prefix.length),
    available: words(source.attribute(`${folder}/${name}/available_clocksource`) ?? ''),
    current: source.attribute(`${folder}/${name}/current_clocksource`),
  }))
}

/** `clock` tells the present time in ms since the epoch; tests give their own. */
export function createTime(source: Source, clock: () => number = Date.now): Collector<Time> {
  return {
    name: 'time',
    read() {
      const now = clock()
      return { now: now / 1000, zone: localZone(now), clocksources: readClocksources(source) }
    },
    write({ now, zone, clocksources }, out) {
      out.set(metrics.now, now)
      out.set(metrics.zoneOffset, zone.offset, zone.name)
      for (const { device, available, current } of clocksources) {
        for (const name of available) out.set(metrics.available, 1, name, device)
        if (current !== undefined) out.set(metrics.current, 1, current, device)
      }
    },
  }
}
