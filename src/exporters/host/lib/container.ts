import { existsSync, readFileSync } from 'node:fs'
import type { Logger } from '../../../lib/logger.ts'
import type { Roots } from '../source.ts'
import { parseMounts } from './mounts.ts'

/** Podman leaves a mark, and nearly every runtime an overlay as the root directory. `/.dockerenv` also lies in VMs made from images. */
function inContainer(): boolean {
  if (existsSync('/run/.containerenv')) return true
  try {
    const root = parseMounts(readFileSync('/proc/self/mountinfo', 'utf8')).find(({ mountpoint }) => mountpoint === '/')
    return root?.fstype === 'overlay'
  } catch {
    return false
  }
}

/** Says once that the series describe the container and not its host, when nobody has given us the host's directories. */
export function warnInContainer({ root, proc }: Roots, log: Logger): void {
  if (root !== '/' || proc !== '/proc' || !inContainer()) return
  log.warn(
    {},
    "in a container without the host's root: file systems and network devices shown are the container's own; mount / as /host and set root_path, proc_path and sys_path",
  )
}
