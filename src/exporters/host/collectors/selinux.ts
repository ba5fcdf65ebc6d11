import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'
import { numberAttribute } from '../sysfs.ts'

export const metrics = {
  enabled: gauge('node_selinux_enabled', 'SELinux is enabled, 1 is true, 0 is false'),
  configMode: gauge('node_selinux_config_mode', 'Configured SELinux enforcement mode'),
  currentMode: gauge('node_selinux_current_mode', 'Current SELinux enforcement mode'),
}

/** Modes: 1 enforcing, 0 permissive, -1 disabled. */
export interface Selinux {
  readonly enabled: boolean
  readonly configMode?: number | undefined
  readonly currentMode?: number | undefined
}

const modes: ReadonlyMap<string, number> = new Map([
  ['enforcing', 1],
  ['permissive', 0],
  ['disabled', -1],
])

/** The mode that /etc/selinux/config asks for at boot. */
export function parseSelinuxConfig(text: string): number | undefined {
  const mode = /^\s*SELINUX\s*=\s*(\w+)/m.exec(text)?.[1]
  return modes.get(mode?.toLowerCase() ?? '')
}

function configuredMode(root: string): number | undefined {
  const path = join(root, 'etc/selinux/config')
  return existsSync(path) ? parseSelinuxConfig(readFileSync(path, 'utf8')) : undefined
}

export function createSelinux(source: Source): Collector<Selinux> {
  return {
    name: 'selinux',
    read() {
      const currentMode = numberAttribute(source, 'fs/selinux/enforce')
      if (currentMode === undefined) return { enabled: false }
      return { enabled: true, currentMode, configMode: configuredMode(source.roots.root) }
    },
    write(reading, out) {
      out.set(metrics.enabled, reading.enabled ? 1 : 0)
      out.set(metrics.configMode, reading.configMode)
      out.set(metrics.currentMode, reading.currentMode)
    },
  }
}
