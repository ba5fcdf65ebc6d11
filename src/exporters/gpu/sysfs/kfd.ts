import type { Card, GpuProcess } from '../card.ts'
import type { ModelOfProcess } from '../model.ts'
import { attribute, entries, quantity } from './files.ts'

const hex = (number: number, width: number): string => number.toString(16).padStart(width, '0')

/** PCI address of a KFD node, from its `properties` (`location_id` is bus, device and function in one number). */
export function parseBusId(properties: string): string | undefined {
  const value = (key: string): number | undefined => {
    const [, digits] = new RegExp(`^${key} (\\d+)$`, 'm').exec(properties) ?? []
    return digits === undefined ? undefined : Number(digits)
  }
  const location = value('location_id')
  if (location === undefined || location === 0) return undefined
  const [bus, device, fn] = [(location >> 8) & 0xff, (location >> 3) & 0x1f, location & 7]
  return `${hex(value('domain') ?? 0, 4)}:${hex(bus, 2)}:${hex(device, 2)}.${fn}`
}

/**
 * Processes that compute on AMD cards (ROCm, so Ollama too) with the memory they hold, as the kernel's compute driver
 * counts it. Empty where that driver is not in use.
 */
export async function readKfdProcesses(
  sysfs: string,
  procfs: string,
  cards: readonly Card[],
  modelOf: ModelOfProcess,
): Promise<GpuProcess[]> {
  const kfd = `${sysfs}/class/kfd/kfd`
  const pids = await entries(`${kfd}/proc`)
  if (pids.length === 0) return []
  const cardOf = await cardsByGpuId(kfd, cards)
  const processes: GpuProcess[] = []
  for (const pid of pids) {
    for (const file of await entries(`${kfd}/proc/${pid}`)) {
      const card = file.startsWith('vram_') ? cardOf.get(file.slice('vram_'.length)) : undefined
      if (card === undefined) continue
      const memory = await quantity(`${kfd}/proc/${pid}/${file}`)
      const name = (await attribute(`${procfs}/${pid}/cmdline`))?.split('\0')[0] ?? ''
      processes.push({ vendor: 'amd', gpu: card.gpu, uuid: card.uuid, pid, name, model: await modelOf(pid), memory })
    }
  }
  return processes
}

async function cardsByGpuId(kfd: string, cards: readonly Card[]): Promise<ReadonlyMap<string, Card>> {
  const found = new Map<string, Card>()
  for (const node of await entries(`${kfd}/topology/nodes`)) {
    const path = `${kfd}/topology/nodes/${node}`
    const busId = parseBusId((await attribute(`${path}/properties`)) ?? '')
    const card = cards.find((each) => each.busId === busId)
    const gpuId = await attribute(`${path}/gpu_id`)
    if (card !== undefined && gpuId !== undefined) found.set(gpuId, card)
  }
  return found
}
