import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'
import { devices, numberAttribute } from '../sysfs.ts'

export const metrics = {
  info: gauge(
    'node_nvme_info',
    'Non-numeric data from /sys/class/nvme/<device>, value is always 1.',
    'device',
    'firmware_revision',
    'model',
    'serial',
    'state',
  ),
  namespaceInfo: gauge(
    'node_nvme_namespace_info',
    'Information about NVMe namespaces. Value is always 1',
    'device',
    'nsid',
    'ana_state',
  ),
  capacity: gauge(
    'node_nvme_namespace_capacity_bytes',
    'Capacity of the NVMe namespace in bytes. Computed as namespace_size * namespace_logical_block_size',
    'device',
    'nsid',
  ),
  size: gauge(
    'node_nvme_namespace_size_bytes',
    'Size of the NVMe namespace in bytes. Available in /sys/class/nvme/<device>/<namespace>/size',
    'device',
    'nsid',
  ),
  used: gauge(
    'node_nvme_namespace_used_bytes',
    'Used space of the NVMe namespace in bytes. Available in /sys/class/nvme/<device>/<namespace>/nuse',
    'device',
    'nsid',
  ),
  blockSize: gauge(
    'node_nvme_namespace_logical_block_size_bytes',
    'Logical block size of the NVMe namespace in bytes. Usually 4Kb. Available in /sys/class/nvme/<device>/<namespace>/queue/logical_block_size',
    'device',
    'nsid',
  ),
}

export interface NvmeNamespace {
  readonly id: string
  readonly anaState: string
  /** Bytes. */
  readonly size: number | undefined
  readonly used: number | undefined
  readonly blockSize: number | undefined
}

export interface NvmeDevice {
  readonly device: string
  readonly firmware: string
  readonly model: string
  readonly serial: string
  readonly state: string
  readonly namespaces: readonly NvmeNamespace[]
}

function product(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a * b
}

function readNamespace(source: Source, path: string, id: string): NvmeNamespace {
  const blockSize = numberAttribute(source, `${path}/queue/logical_block_size`)
  return {
    id,
    anaState: source.attribute(`${path}/ana_state`) ?? 'unknown',
    // A disk's size is in sectors of 512 bytes, whatever its block size; its use is in blocks.
    size: product(numberAttribute(source, `${path}/size`), 512),
    used: product(numberAttribute(source, `${path}/nuse`), blockSize),
    blockSize,
  }
}

function readDevice(source: Source, device: string): NvmeDevice {
  const path = `class/nvme/${device}`
  const text = (file: string): string => source.attribute(`${path}/${file}`) ?? ''
  const namespaces = source.sysList(path).flatMap((name) => {
    const [, id] = /^nvme\d+(?:c\d+)?n(\d+)$/.exec(name) ?? []
    return id === undefined ? [] : [readNamespace(source, `${path}/${name}`, id)]
  })
  return {
    device,
    firmware: text('firmware_rev'),
    model: text('model'),
    serial: text('serial'),
    state: text('state'),
    namespaces,
  }
}

/** NVMe controllers and their namespaces. */
export function createNvme(source: Source): Collector<NvmeDevice[]> {
  return {
    name: 'nvme',
    read: () => devices(source, 'class/nvme').map((device) => readDevice(source, device)),
    write(reading, out) {
      for (const { device, firmware, model, serial, state, namespaces } of reading) {
        out.set(metrics.info, 1, device, firmware, model, serial, state)
        for (const { id, anaState, size, used, blockSize } of namespaces) {
          out.set(metrics.namespaceInfo, 1, device, id, anaState)
          out.set(metrics.capacity, size, device, id)
          out.set(metrics.size, size, device, id)
          out.set(metrics.used, used, device, id)
          out.set(metrics.blockSize, blockSize, device, id)
        }
      }
    },
  }
}
