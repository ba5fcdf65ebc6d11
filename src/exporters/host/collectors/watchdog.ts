import { gauge, type Metric } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'
import { devices, numberAttribute } from '../sysfs.ts'

const value = (name: string, file = name): Metric =>
  gauge(`node_watchdog_${name}`, `Value of /sys/class/watchdog/<watchdog>/${file}`, 'name')

const texts = ['options', 'identity', 'state', 'status', 'pretimeout_governor']

/** Families by the attribute that feeds them, and what is no number. */
export const metrics = {
  info: gauge('node_watchdog_info', 'Info of /sys/class/watchdog/<watchdog>', 'name', ...texts),
}

const attributes: Readonly<Record<string, Metric>> = {
  bootstatus: value('bootstatus'),
  fw_version: value('fw_version'),
  nowayout: value('nowayout'),
  timeleft: value('timeleft_seconds', 'timeleft'),
  timeout: value('timeout_seconds', 'timeout'),
  pretimeout: value('pretimeout_seconds', 'pretimeout'),
  access_cs0: value('access_cs0'),
}

/** A timer that restarts the machine unless it is fed. */
export interface Watchdog {
  readonly name: string
  readonly texts: readonly string[]
  readonly values: readonly { readonly metric: Metric; readonly value: number | undefined }[]
}

function readWatchdog(source: Source, name: string): Watchdog {
  const path = `class/watchdog/${name}`
  return {
    name,
    texts: texts.map((file) => source.attribute(`${path}/${file}`) ?? ''),
    values: Object.entries(attributes).map(([file, metric]) => ({
      metric,
      value: numberAttribute(source, `${path}/${file}`),
    })),
  }
}

/** Hardware watchdogs. */
export function createWatchdog(source: Source): Collector<Watchdog[]> {
  return {
    name: 'watchdog',
    read: () => devices(source, 'class/watchdog').map((name) => readWatchdog(source, name)),
    write(reading, out) {
      for (const one of reading) {
        out.set(metrics.info, 1, one.name, ...one.texts)
        for (const { metric, value: amount } of one.values) out.set(metric, amount, one.name)
      }
    },
  }
}
