import { number } from './cell.ts'
import { garbage } from './fault.ts'

/** One MIG device: a compute instance within a GPU instance, which owns the memory. */
export interface MigDevice {
  /** PCI address of the card, as nvidia-smi writes it. */
  readonly busId: string
  readonly index: string
  readonly gpuInstance: string
  readonly computeInstance: string
  /** Bytes of the GPU instance, shared by its compute instances. */
  readonly memory: {
    readonly total: number | undefined
    readonly reserved: number | undefined
    readonly used: number | undefined
    readonly free: number | undefined
  }
}

/** Parses the MIG devices out of `-q -x`. Other parts of the document are not looked at. */
export function parseMigDevices(xml: string): MigDevice[] {
  if (!xml.trimEnd().endsWith('</nvidia_smi_log>')) throw garbage('the XML document is cut off')
  return [...xml.matchAll(/<gpu id="([^"]*)">(.*?)<\/gpu>/gs)].flatMap(([, busId = '', gpu = '']) =>
    [...gpu.matchAll(/<mig_device>(.*?)<\/mig_device>/gs)].map(([, device = '']) => parseDevice(busId, device)),
  )
}

function parseDevice(busId: string, device: string): MigDevice {
  const framebuffer = element(device, 'fb_memory_usage')
  const bytes = (name: string): number | undefined => {
    const mebibytes = number(element(framebuffer, name))
    return mebibytes === undefined ? undefined : mebibytes * 1048576
  }
  return {
    busId,
    index: element(device, 'index').trim(),
    gpuInstance: element(device, 'gpu_instance_id').trim(),
    computeInstance: element(device, 'compute_instance_id').trim(),
    memory: { total: bytes('total'), reserved: bytes('reserved'), used: bytes('used'), free: bytes('free') },
  }
}

/** Text of the first element of this name; empty if there is none. */
function element(xml: string, name: string): string {
  const start = xml.indexOf(`<${name}>`)
  const end = xml.indexOf(`</${name}>`, start)
  return start < 0 || end < 0 ? '' : xml.slice(start + name.length + 2, end)
}

/** What `-L` alone tells of a MIG device. */
export interface MigName {
  readonly uuid: string
  readonly profile: string
}

/** Parses `-L`: `<GPU uuid> <MIG device index>` -> name. */
export function parseMigNames(text: string): ReadonlyMap<string, MigName> {
  const names = new Map<string, MigName>()
  let gpu = ''
  for (const line of text.split('\n')) {
    gpu = /^GPU \d+: .*\(UUID: (GPU-[^)]+)\)/.exec(line)?.[1] ?? gpu
    const [, profile, index, uuid] = /^\s+MIG (\S+)\s+Device\s+(\d+): \(UUID: ([^)]+)\)/.exec(line) ?? []
    if (profile !== undefined && uuid !== undefined) names.set(`${gpu} ${index}`, { uuid, profile })
  }
  return names
}
