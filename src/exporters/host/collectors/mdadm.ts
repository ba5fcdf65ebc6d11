import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'
import { toNumber } from '../sysfs.ts'

export const metrics = {
  required: gauge('node_md_disks_required', 'Total number of disks of device.', 'device'),
  disks: gauge('node_md_disks', 'Number of active/failed/spare disks of device.', 'device', 'state'),
  state: gauge('node_md_state', 'Indicates the state of md-device.', 'device', 'state'),
  blocks: gauge('node_md_blocks', 'Total number of blocks on device.', 'device'),
  blocksSynced: gauge('node_md_blocks_synced', 'Number of blocks synced on device.', 'device'),
  raidDisks: gauge('node_md_raid_disks', 'Number of raid disks on device.', 'device'),
  degraded: gauge('node_md_degraded', 'Number of degraded disks on device.', 'device'),
}

const states = ['active', 'inactive', 'recovering', 'resync', 'check'] as const

/** One software RAID array. Disks are counts, blocks are of 1 KiB. */
export interface MdArray {
  readonly device: string
  /** One of the exported states, or another (`reshape`), of which then none is 1. */
  readonly state: string
  readonly required: number
  readonly active: number
  readonly failed: number
  readonly spare: number
  readonly blocks: number
  readonly synced: number
}

const count = (text: string, part: string): number => text.split(part).length - 1

// The array's first line names its level; linear and raid0 have no redundancy, hence no `[n/m]` in the second.
function diskCounts(first: string, second: string): { required: number; active: number } {
  if (/ (?:raid0|linear) /.test(first)) {
    const members = count(first, '[')
    return { required: members, active: members }
  }
  if (/ : inactive /.test(first)) return { required: 0, active: 0 }
  const [, required = '0', active = '0'] = /\[(\d+)\/(\d+)\]/.exec(second) ?? []
  return { required: Number(required), active: Number(active) }
}

/** What the array is busy with, from its progress line: the state, and how many blocks are done. */
function progress(lines: readonly string[]): { state: string; synced: number } | undefined {
  for (const line of lines) {
    const [, word = '', rest = ''] = /\b(recovery|resync|check|reshape|repair)\s*=(.*)$/.exec(line) ?? []
    if (word === '') continue
    // `PENDING` or `DELAYED` instead of figures: nothing is done yet.
    const synced = Number(/\((\d+)\/\d+\)/.exec(rest)?.[1] ?? 0)
    return { state: word === 'recovery' ? 'recovering' : word, synced }
  }
  return undefined
}

/** Parses /proc/mdstat: per array a line with name, state and members, indented lines below it. */
export function parseMdstat(text: string): MdArray[] {
  return text.split(/\n(?=\S)/).flatMap((section) => {
    const [first = '', second = '', ...more] = section.split('\n')
    const [, device = '', state = ''] = /^(\S+) : (\w+)/.exec(first) ?? []
    const [, size] = /^\s+(\d+) blocks/.exec(second) ?? []
    if (device === '' || size === undefined) return []
    const blocks = Number(size)
    const busy = progress(more)
    return [
      {
        device,
        state: busy?.state ?? state,
        ...diskCounts(first, second),
        failed: count(first, '(F)'),
        spare: count(first, '(S)'),
        blocks,
        synced: busy?.synced ?? blocks,
      },
    ]
  })
}

/** What sysfs adds: the number of members wanted, and how many of them are missing (redundant levels only). */
export interface MdMembers {
  readonly device: string
  readonly disks: number | undefined
  readonly degraded: number | undefined
}

function readMembers(source: Source, device: string): MdMembers {
  const path = `block/${device}/md`
  return {
    device,
    // While it is being reshaped: "11 (10)", new and old.
    disks: toNumber(source.attribute(`${path}/raid_disks`)?.split(' ', 1)[0]),
    degraded: toNumber(source.attribute(`${path}/degraded`)),
  }
}

export interface Mdadm {
  readonly arrays: readonly MdArray[]
  readonly members: readonly MdMembers[]
}

/** Linux software RAID. */
export function createMdadm(source: Source): Collector<Mdadm> {
  return {
    name: 'mdadm',
    read() {
      const arrays = parseMdstat(source.proc('mdstat'))
      return { arrays, members: arrays.map(({ device }) => readMembers(source, device)) }
    },
    write({ arrays, members }, out) {
      for (const array of arrays) {
        out.set(metrics.required, array.required, array.device)
        for (const state of ['active', 'failed', 'spare'] as const) {
          out.set(metrics.disks, array[state], array.device, state)
        }
        for (const state of states) out.set(metrics.state, array.state === state ? 1 : 0, array.device, state)
        out.set(metrics.blocks, array.blocks, array.device)
        out.set(metrics.blocksSynced, array.synced, array.device)
      }
      for (const { device, disks, degraded } of members) {
        out.set(metrics.raidDisks, disks, device)
        out.set(metrics.degraded, degraded, device)
      }
    },
  }
}
