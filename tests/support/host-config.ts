import { Value } from 'typebox/value'
import { hostConfig, type HostConfig } from '../../src/exporters/host/config.ts'

/** The host section with its defaults, and what a test changes. */
export function hostConfigWith(changes: Partial<HostConfig> = {}): HostConfig {
  return { ...(Value.Default(hostConfig, {}) as HostConfig), ...changes }
}
