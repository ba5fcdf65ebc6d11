import type { Filesystem } from '../../exporters/host/collectors/filesystem.ts'
import { known } from '../lib/rates.ts'
import type { SystemMetrics } from './contract.ts'
import { levelOf, type Level, type Threshold } from './levels.ts'

type Shown = SystemMetrics['filesystems'][number]

/** In use, of what ordinary users may use: as df has it. */
export function usedShare({ used, available }: Pick<Shown, 'used' | 'available'>): number | undefined {
  if (used === undefined || available === undefined || used + available <= 0) return undefined
  return used / (used + available)
}

// What cannot be written to is full by nature: an image, a CD.
function level(mount: Pick<Shown, 'used' | 'available' | 'readonly'>, threshold: Threshold): Level {
  const share = usedShare(mount)
  return share === undefined || mount.readonly ? 'ok' : levelOf(share, threshold)
}

/** Mounted file systems; `full` says when one will be full, given its free space now. */
export function filesystemsOf(
  mounts: readonly Filesystem[],
  threshold: Threshold,
  full: (mountpoint: string, available: number) => number | undefined,
): Shown[] {
  return mounts.map(({ mountpoint, device, fstype, readonly, space }) => {
    const sizes = known({
      size: space?.size,
      available: space?.available,
      used: space && Math.max(0, space.size - space.free),
    })
    const secondsToFull = space && !readonly ? full(mountpoint, space.available) : undefined
    const shown = { mountpoint, device, type: fstype, ...sizes, readonly, ...known({ secondsToFull }) }
    return { ...shown, level: level(shown, threshold) }
  })
}
