import type { SystemMetrics } from '../../../../src/features/system/contract.ts'
import {
  bitsPerSecond,
  bytes,
  bytesPerSecond,
  celsius,
  duration,
  percent,
  quantity,
  type Quantity,
} from '../../ui/format.ts'
import type { Level } from '../../ui/level.ts'
import { hottest, busiestDisk, busiestNetwork, fullest, usedShare } from './pick.ts'

export type TileKey =
  | 'cpu'
  | 'memory'
  | 'swap'
  | 'load'
  | 'pressure'
  | 'disks'
  | 'filesystems'
  | 'network'
  | 'temperatures'
  | 'uptime'

/** One tile of the overview, in words. */
export interface TileView {
  readonly title: string
  readonly value: Quantity | string
  readonly note: string
  readonly level: Level | undefined
  /** 0..1, where a bar says more than the number alone. */
  readonly share?: number | undefined
}

export const tileKeys: readonly TileKey[] = [
  'cpu',
  'memory',
  'swap',
  'load',
  'pressure',
  'disks',
  'filesystems',
  'network',
  'temperatures',
  'uptime',
]

const list = (...parts: readonly (string | undefined | false)[]): string =>
  parts.filter((part) => typeof part === 'string' && part !== '').join(' · ')

export const ratio = (part: number | undefined, whole: number | undefined): number | undefined =>
  part === undefined || whole === undefined || whole <= 0 ? undefined : part / whole

const decimal = (value: number): string => value.toFixed(2)

/** Modes worth a word even at rest, and those that are only when they cost something. */
function modes({ cpu }: SystemMetrics): string {
  const mode = (name: string, least: number): string | undefined => {
    const share = cpu.modes[name]
    return share === undefined || share < least ? undefined : `${name} ${percent(share)}`
  }
  return list(`${cpu.cores} cores`, mode('user', 0), mode('system', 0), mode('iowait', 0.01), mode('steal', 0.01))
}

type Body = Omit<TileView, 'level'>

const cpu = (system: SystemMetrics): Body => ({
  title: 'CPU',
  value: quantity.percent(system.cpu.busy),
  note: modes(system),
  share: system.cpu.busy,
})

function memory({ memory: { used, total, available } }: SystemMetrics): Body {
  const share = ratio(used, total)
  return {
    title: 'Memory',
    value: quantity.percent(share),
    note: total > 0 ? `${bytes(used)} of ${bytes(total)} · ${bytes(available)} available` : 'not known',
    share,
  }
}

function swap({ memory: { swapUsed, swapTotal } }: SystemMetrics): Body {
  const share = ratio(swapUsed, swapTotal)
  if (share === undefined) return { title: 'Swap', value: 'none', note: 'no swap space' }
  return { title: 'Swap', value: quantity.percent(share), note: `${bytes(swapUsed)} of ${bytes(swapTotal)}`, share }
}

function load({ load: { load1, load5, load15 }, cpu: { cores } }: SystemMetrics): Body {
  const perCore = ratio(load5, cores)
  return {
    title: 'Load',
    value: { number: decimal(load1), unit: 'over 1 min' },
    note: list(
      `5 min ${decimal(load5)}`,
      `15 min ${decimal(load15)}`,
      perCore !== undefined && `${decimal(perCore)} per core`,
    ),
  }
}

function pressure({ pressure: { cpu: waiting, io, memory: stalled } }: SystemMetrics): Body {
  const known = [waiting, io, stalled].filter((share) => share !== undefined)
  if (known.length === 0) return { title: 'Pressure', value: '–', note: 'this kernel does not tell' }
  const note = list(`CPU ${percent(waiting)}`, `I/O ${percent(io)}`, `memory ${percent(stalled)}`)
  return { title: 'Pressure', value: quantity.percent(Math.max(...known)), note }
}

function disks({ disks: all }: SystemMetrics): Body {
  const disk = busiestDisk(all)
  if (disk === undefined) return { title: 'Disks', value: '–', note: 'no disks' }
  const note = list(
    disk.device,
    `read ${bytesPerSecond(disk.readBytesPerSecond)}`,
    `write ${bytesPerSecond(disk.writeBytesPerSecond)}`,
  )
  return { title: 'Disks', value: { ...quantity.percent(disk.busy), unit: '% busy' }, note, share: disk.busy }
}

function filesystems({ filesystems: all }: SystemMetrics): Body {
  const mount = fullest(all)
  const silent = all.filter(({ size }) => size === undefined).length
  if (mount === undefined) return { title: 'File systems', value: '–', note: silent > 0 ? 'no answer' : 'none' }
  const soonest = all
    .filter(({ secondsToFull }) => secondsToFull !== undefined)
    .toSorted((left, right) => (left.secondsToFull ?? 0) - (right.secondsToFull ?? 0))[0]
  const share = usedShare(mount)
  const note = list(
    mount.mountpoint,
    `${bytes(mount.available)} free`,
    soonest !== undefined &&
      `${soonest === mount ? '' : `${soonest.mountpoint} `}full in ${duration(soonest.secondsToFull)}`,
    silent > 0 && `${silent} without an answer`,
  )
  return { title: 'File systems', value: quantity.percent(share), note, share }
}

function network({ network: all }: SystemMetrics): Body {
  const device = busiestNetwork(all)
  if (device === undefined) return { title: 'Network', value: '–', note: 'no interfaces' }
  const { receiveBytesPerSecond: received, transmitBytesPerSecond: sent } = device
  const lost = (device.errorsPerSecond ?? 0) + (device.dropsPerSecond ?? 0)
  const both = received === undefined || sent === undefined ? undefined : received + sent
  const note = list(
    device.device,
    `in ${bitsPerSecond(received)}`,
    `out ${bitsPerSecond(sent)}`,
    lost > 0 && `${lost.toFixed(1)} lost/s`,
  )
  return { title: 'Network', value: quantity.bitsPerSecond(both), note }
}

function temperatures({ temperatures: all }: SystemMetrics): Body {
  const sensor = hottest(all)
  if (sensor === undefined) return { title: 'Temperature', value: '–', note: 'no sensors here' }
  const note = list(sensor.name, sensor.critical !== undefined && `critical at ${celsius(sensor.critical)}`)
  return { title: 'Temperature', value: quantity.celsius(sensor.celsius), note }
}

const uptime = ({ host }: SystemMetrics): Body => ({
  title: 'Uptime',
  value: host.uptime > 0 ? duration(host.uptime) : '–',
  note: list(host.name, host.kernel),
})

const bodies: Readonly<Record<TileKey, (system: SystemMetrics) => Body>> = {
  cpu,
  memory,
  swap,
  load,
  pressure,
  disks,
  filesystems,
  network,
  temperatures,
  uptime,
}

/** What a tile says of a reading. */
export const tileView = (key: TileKey, system: SystemMetrics): TileView => ({
  ...bodies[key](system),
  level: system.levels[key],
})
