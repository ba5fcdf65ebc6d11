import type { HostConfig } from '../../src/exporters/host/config.ts'
import { hostConfig } from '../../src/exporters/host/config.ts'

/** The host section with its defaults, and what a test changes. */
export function hostConfigWith(changes: Partial<HostConfig> = {}): HostConfig {
  const defaults = Object.entries(hostConfig.properties).map(([key, schema]) => [key, schema.default])
  return { ...(Object.fromEntries(defaults) as HostConfig), ...changes }
}
