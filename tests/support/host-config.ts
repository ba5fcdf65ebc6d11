import { join } from 'node:path'
import { Value } from 'typebox/value'
import { hostConfig, type HostConfig } from '../../src/exporters/host/config.ts'

/** A recorded machine: `proc`, `sys` and the root directory beside them. */
export const fixtures = join(import.meta.dirname, '../exporters/host/fixtures')

/** The host section with its defaults, and what a test changes. */
export function hostConfigWith(changes: Partial<HostConfig> = {}): HostConfig {
  return { ...(Value.Default(hostConfig, {}) as HostConfig), ...changes }
}

/** The section for a machine whose files lie in a folder. */
export function hostConfigOf(root: string, changes: Partial<HostConfig> = {}): HostConfig {
  const paths = { root_path: root, proc_path: join(root, 'proc'), sys_path: join(root, 'sys') }
  return hostConfigWith({ ...paths, ...changes })
}
