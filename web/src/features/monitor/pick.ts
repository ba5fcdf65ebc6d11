import type { SystemMetrics } from '../../../../src/features/system/contract.ts'
import type { Level } from '../../ui/level.ts'

type Disk = SystemMetrics['disks'][number]
type Filesystem = SystemMetrics['filesystems'][number]
type Network = SystemMetrics['network'][number]
type Temperature = SystemMetrics['temperatures'][number]

const severity: Readonly<Record<Level, number>> = { ok: 0, warning: 1, critical: 2 }

/** The item with the highest score; the first of equals. */
export function most<Item>(items: readonly Item[], score: (item: Item) => number): Item | undefined {
  let best: Item | undefined
  let high = Number.NEGATIVE_INFINITY
  for (const item of items) {
    const value = score(item)
    if (value > high) [best, high] = [item, value]
  }
  return best
}

/** Used share of what people may use, 0..1, as df counts it; undefined while the mount does not answer. */
export function usedShare({ used, available }: Pick<Filesystem, 'used' | 'available'>): number | undefined {
  if (used === undefined || available === undefined || used + available <= 0) return undefined
  return used / (used + available)
}

/** By level first, then by share. Read-only images are always full and stand last. */
export const fullest = (all: readonly Filesystem[]): Filesystem | undefined =>
  most(
    all.filter((mount) => usedShare(mount) !== undefined),
    (mount) => severity[mount.level] * 10 + (usedShare(mount) ?? 0) - (mount.readonly ? 5 : 0),
  )

export const busiestDisk = (all: readonly Disk[]): Disk | undefined =>
  most(
    all,
    ({ busy, readBytesPerSecond = 0, writeBytesPerSecond = 0 }) =>
      // Bytes decide between disks that are equally busy.
      (busy ?? 0) + (readBytesPerSecond + writeBytesPerSecond) / 1e15,
  )

const traffic = ({ receiveBytesPerSecond = 0, transmitBytesPerSecond = 0 }: Network): number =>
  receiveBytesPerSecond + transmitBytesPerSecond

/** Made by software: containers' bridges, tunnels. */
const virtual = /^(?:veth|docker|br-|virbr|vnet|tun|tap|dummy|sit|gre|ip6|teql|ifb|cni|flannel|cali|lxc)/

/** Below a byte per second: decides between interfaces on which nothing happens. */
export const likely = ({ device, up }: Network): number =>
  (up === true ? 0.4 : up === false ? 0 : 0.2) - (virtual.test(device) ? 0.3 : 0)

/** Loopback counts only where there is nothing else; of idle interfaces one that is up, and of those a real one. */
export const busiestNetwork = (all: readonly Network[]): Network | undefined =>
  most(all, (device) => traffic(device) + likely(device) - (device.device === 'lo' ? 1e15 : 0))

/** By level first: 80 °C may be fine for one sensor and too much for another. */
export const hottest = (all: readonly Temperature[]): Temperature | undefined =>
  most(all, ({ level, celsius }) => severity[level] * 1000 + celsius)
