import { gauge, type Exposition, type Metric } from '../../../lib/exposition.ts'
import type { Card } from '../card.ts'
import { identityOf } from '../metrics.ts'
import { kernelBusId } from './convert.ts'
import type { MigDevice } from './mig.ts'
import type { NvidiaReading } from './query.ts'
import { bare } from './smi.ts'

const card = ['gpu', 'uuid', 'vendor', 'name', 'pci_bus_id'] as const
const device = ['mig_uuid', 'gpu_instance_id', 'compute_instance_id', 'profile'] as const

/**
 * Memory belongs to the GPU instance and is shared by its compute instances: given once per GPU instance, so that
 * sums are right.
 */
export const metrics = {
  info: gauge('gpu_mig_device_info', 'A MIG device; always 1.', ...card, ...device),
  smiInfo: gauge('nvidia_smi_mig_info', 'A MIG device; always 1. uuid is that of the card.', 'uuid', ...device),
  success: gauge('gpu_mig_readable', 'Whether the MIG instances of this machine can be listed.'),
}

type Kind = keyof MigDevice['memory']
const kinds: readonly Kind[] = ['total', 'used', 'free', 'reserved']
const what = { total: 'given to', used: 'used in', free: 'free in', reserved: 'reserved in' }

function families(prefix: string, labels: readonly string[]): Record<Kind, Metric> {
  const make = (kind: Kind): Metric =>
    gauge(`${prefix}_${kind}_bytes`, `GPU memory ${what[kind]} a MIG GPU instance.`, ...labels, 'gpu_instance_id')
  return { total: make('total'), used: make('used'), free: make('free'), reserved: make('reserved') }
}

export const memory = families('gpu_mig_memory', card)
export const smiMemory = families('nvidia_smi_mig_memory', ['uuid'])

/** MIG devices and the memory of their GPU instances, under the neutral names and those of nvidia_gpu_exporter. */
export function writeMig({ cards, mig, migNames }: NvidiaReading, smi: boolean, out: Exposition): void {
  const split = cards.filter((each) => each.values.migEnabled === 1)
  if (split.length > 0) out.set(metrics.success, mig === undefined ? 0 : 1)
  for (const owner of split) {
    const devices = (mig ?? []).filter((each) => kernelBusId(each.busId) === owner.busId)
    const instances = new Map(devices.map((each) => [each.gpuInstance, each]))
    for (const each of instances.values()) writeMemory(owner, each, smi, out)
    for (const { index, gpuInstance, computeInstance } of devices) {
      const { uuid, profile } = migNames.get(`${owner.uuid} ${index}`) ?? { uuid: '', profile: '' }
      const labels = [uuid, gpuInstance, computeInstance, profile]
      out.set(metrics.info, 1, ...identityOf(owner), ...labels)
      if (smi) out.set(metrics.smiInfo, 1, bare(owner.uuid), ...labels)
    }
  }
}

function writeMemory(owner: Card, { gpuInstance, memory: bytes }: MigDevice, smi: boolean, out: Exposition): void {
  for (const kind of kinds) {
    out.set(memory[kind], bytes[kind], ...identityOf(owner), gpuInstance)
    if (smi) out.set(smiMemory[kind], bytes[kind], bare(owner.uuid), gpuInstance)
  }
}
