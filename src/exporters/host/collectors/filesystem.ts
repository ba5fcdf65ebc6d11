import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import { parseDuration } from '../../../lib/duration.ts'
import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { HostConfig } from '../config.ts'
import { createFilter } from '../lib/filter.ts'
import { localMounts, parseMounts, type Mount } from '../lib/mounts.ts'
import { createRemoteStatfs, type Space } from '../lib/remote-statfs.ts'
import type { Source } from '../source.ts'

const by = ['device', 'fstype', 'mountpoint']

const labels = ['device', 'major', 'minor', 'mountpoint']

export const metrics = {
  available: gauge('node_filesystem_avail_bytes', 'Filesystem space available to non-root users in bytes.', ...by),
  error: gauge(
    'node_filesystem_device_error',
    'Whether an error occurred while getting statistics for the given device.',
    ...by,
  ),
  files: gauge('node_filesystem_files', 'Filesystem total file nodes.', ...by),
  filesFree: gauge('node_filesystem_files_free', 'Filesystem total free file nodes.', ...by),
  free: gauge('node_filesystem_free_bytes', 'Filesystem free space in bytes.', ...by),
  readonly: gauge('node_filesystem_readonly', 'Filesystem read-only status.', ...by),
  size: gauge('node_filesystem_size_bytes', 'Filesystem size in bytes.', ...by),
  mount: gauge('node_filesystem_mount_info', 'Filesystem mount information.', ...labels),
}

/** A mounted file system; `space` is missing if it refuses or does not answer in time. */
export interface Filesystem extends Mount {
  readonly space: Space | undefined
}

export interface FilesystemCollector extends Collector<Filesystem[]> {
  /** Ends the children that wait for dead mounts. */
  stop(): void
}

/** The first of each (device, type, mount point): a path mounted over twice shows only what lies on top. */
function distinct(mounts: readonly Mount[]): Mount[] {
  const seen = new Map<string, Mount>()
  for (const mount of mounts) seen.set(`${mount.device}\n${mount.fstype}\n${mount.mountpoint}`, mount)
  return [...seen.values()]
}

function statfsHere(path: string): Space | undefined {
  try {
    const { bsize, blocks, bfree, bavail, files, ffree } = statfsSync(path)
    return { size: blocks * bsize, free: bfree * bsize, available: bavail * bsize, files, filesFree: ffree }
  } catch {
    return undefined
  }
}

/** Mounts of the host as its first process sees them; of this process where that is not permitted. */
function readMounts(source: Source): Mount[] {
  let text: string
  try {
    text = source.proc('1/mountinfo')
  } catch {
    text = source.proc('self/mountinfo')
  }
  const { root } = source.roots
  const mounts = parseMounts(text)
  if (root === '/') return mounts
  return mounts.map((mount) =>
    mount.mountpoint === root || mount.mountpoint.startsWith(`${root}/`)
      ? Object.assign(mount, { mountpoint: mount.mountpoint.slice(root.length) || '/' })
      : mount,
  )
}

export function createFilesystem(source: Source, config: HostConfig, program = 'stat'): FilesystemCollector {
  const wantedMount = createFilter(config.mount_exclude)
  const wantedType = createFilter(config.fs_type_exclude)
  const remote = createRemoteStatfs({ timeout: parseDuration(config.mount_timeout), program })
  const pathOf = ({ mountpoint }: Mount): string => join(source.roots.root, mountpoint)

  return {
    name: 'filesystem',
    async read(signal) {
      const all = readMounts(source)
      const isLocal = localMounts(all)
      const wanted = distinct(all.filter(({ mountpoint, fstype }) => wantedMount(mountpoint) && wantedType(fstype)))
      remote.keepOnly(new Set(wanted.filter((mount) => !isLocal(mount)).map(pathOf)))
      return Promise.all(
        wanted.map(async (mount) => {
          const path = pathOf(mount)
          return Object.assign(mount, { space: isLocal(mount) ? statfsHere(path) : await remote.ask(path, signal) })
        }),
      )
    },
    write(reading, out) {
      const told = new Set<string>()
      for (const { device, fstype, mountpoint, major, minor, readonly, space } of reading) {
        out.set(metrics.error, space === undefined ? 1 : 0, device, fstype, mountpoint)
        out.set(metrics.readonly, readonly ? 1 : 0, device, fstype, mountpoint)
        out.set(metrics.available, space?.available, device, fstype, mountpoint)
        out.set(metrics.files, space?.files, device, fstype, mountpoint)
        out.set(metrics.filesFree, space?.filesFree, device, fstype, mountpoint)
        out.set(metrics.free, space?.free, device, fstype, mountpoint)
        out.set(metrics.size, space?.size, device, fstype, mountpoint)
        const info = `${device}\n${major}:${minor}\n${mountpoint}`
        if (!told.has(info)) out.set(metrics.mount, 1, device, major, minor, mountpoint)
        told.add(info)
      }
    },
    stop: () => remote.stop(),
  }
}
