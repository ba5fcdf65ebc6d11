import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'
import { devices, numberAttribute } from '../sysfs.ts'

const location = ['segment', 'bus', 'device', 'function']
const ids = ['class', 'vendor', 'device', 'subsystem_vendor', 'subsystem_device'] as const

export const metrics = {
  info: gauge(
    'node_pcidevice_info',
    'Non-numeric data from /sys/bus/pci/devices/<location>, value is always 1.',
    ...location,
    ...location.map((part) => `parent_${part}`),
    ...ids.map((id) => `${id}_id`),
    'revision',
  ),
  maxSpeed: gauge(
    'node_pcidevice_max_link_transfers_per_second',
    "Value of maximum link's transfers per second (T/s)",
    ...location,
  ),
  maxWidth: gauge('node_pcidevice_max_link_width', "Value of maximum link's width (number of lanes)", ...location),
  speed: gauge(
    'node_pcidevice_current_link_transfers_per_second',
    "Value of current link's transfers per second (T/s)",
    ...location,
  ),
  width: gauge('node_pcidevice_current_link_width', "Value of current link's width (number of lanes)", ...location),
  powerState: gauge(
    'node_pcidevice_power_state',
    'PCIe device power state, one of: D0, D1, D2, D3hot, D3cold, unknown or error.',
    ...location,
    'state',
  ),
  numaNode: gauge(
    'node_pcidevice_numa_node',
    'NUMA node number for the PCI device. -1 indicates unknown or not available.',
    ...location,
  ),
}

const powerStates = ['D0', 'D1', 'D2', 'D3hot', 'D3cold', 'unknown', 'error']

/** One PCI function. Links are of those that have one, in transfers per second and lanes. */
export interface PciDevice {
  /** Segment, bus, device, function. */
  readonly location: readonly string[]
  readonly parent: readonly string[]
  readonly ids: readonly string[]
  readonly revision: string
  readonly maxSpeed: number | undefined
  readonly maxWidth: number | undefined
  readonly speed: number | undefined
  readonly width: number | undefined
  readonly powerState: string | undefined
  readonly numaNode: number | undefined
}

/** `0000:01:00.0` in its four parts; undefined for other names, such as a root complex. */
export const parseLocation = (name: string): string[] | undefined =>
  /^([0-9a-f]{4,}):([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])$/.exec(name)?.slice(1)

/** 16e9 of "16.0 GT/s PCIe"; undefined of "Unknown". */
export function parseSpeed(text: string | undefined): number | undefined {
  const [, giga] = /^([\d.]+) GT\/s/.exec(text ?? '') ?? []
  return giga === undefined ? undefined : Number(giga) * 1e9
}

const anyParent = ['*', '*', '*', '*']

/** A width of 0 or 255 is what a function without link, or a bridge that is switched off, gives. */
function lanes(source: Source, path: string): number | undefined {
  const width = numberAttribute(source, path)
  return width === 0 || width === 255 ? undefined : width
}

function readDevice(source: Source, name: string): PciDevice | undefined {
  const own = parseLocation(name)
  if (own === undefined) return undefined
  const path = `bus/pci/devices/${name}`
  const text = (file: string): string => source.attribute(`${path}/${file}`) ?? ''
  return {
    location: own,
    parent: parseLocation(basename(dirname(realpathSync(join(source.roots.sys, path))))) ?? anyParent,
    ids: ids.map(text),
    revision: text('revision'),
    maxSpeed: parseSpeed(source.attribute(`${path}/max_link_speed`)),
    maxWidth: lanes(source, `${path}/max_link_width`),
    speed: parseSpeed(source.attribute(`${path}/current_link_speed`)),
    width: lanes(source, `${path}/current_link_width`),
    powerState: source.attribute(`${path}/power_state`),
    numaNode: numberAttribute(source, `${path}/numa_node`),
  }
}

/** PCI functions and their links: a graphics card in a slow slot shows here. Off unless asked for: many series. */
export function createPcidevice(source: Source): Collector<PciDevice[]> {
  return {
    name: 'pcidevice',
    read: () => devices(source, 'bus/pci/devices').flatMap((name) => readDevice(source, name) ?? []),
    write(reading, out) {
      for (const device of reading) {
        out.set(metrics.info, 1, ...device.location, ...device.parent, ...device.ids, device.revision)
        for (const key of ['maxSpeed', 'maxWidth', 'speed', 'width', 'numaNode'] as const) {
          out.set(metrics[key], device[key], ...device.location)
        }
        if (device.powerState === undefined) continue
        for (const state of powerStates) {
          out.set(metrics.powerState, state === device.powerState ? 1 : 0, ...device.location, state)
        }
      }
    },
  }
}
