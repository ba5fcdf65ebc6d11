import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UnavailableError } from '../../../errors.ts'
import { counter, gauge } from '../../../lib/exposition.ts'
import type { Collector } from '../../exporter.ts'
import type { Source } from '../source.ts'
import { readManager, readUnits, systemctl, type Manager, type Systemctl, type Unit } from '../systemd.ts'

export const metrics = {
  version: gauge('node_systemd_version', 'Detected systemd version', 'version'),
  running: gauge(
    'node_systemd_system_running',
    "Whether the system is operational (see 'systemctl is-system-running')",
  ),
  units: gauge('node_systemd_units', 'Summary of systemd unit states', 'state'),
  unitState: gauge('node_systemd_unit_state', 'Systemd unit', 'name', 'state', 'type'),
  restarts: counter('node_systemd_service_restart_total', 'Service unit count of Restart triggers', 'name'),
  accepted: counter(
    'node_systemd_socket_accepted_connections_total',
    'Total number of accepted socket connections',
    'name',
  ),
  connections: gauge('node_systemd_socket_current_connections', 'Current number of socket connections', 'name'),
  refused: gauge('node_systemd_socket_refused_connections_total', 'Total number of refused socket connections', 'name'),
  lastTrigger: gauge('node_systemd_timer_last_trigger_seconds', 'Seconds since epoch of last trigger.', 'name'),
}

const states = ['active', 'activating', 'deactivating', 'inactive', 'failed'] as const

/** Kinds that come in great numbers and say little. */
const dull = /\.(?:automount|device|mount|scope|slice)$/

export interface Systemd {
  readonly manager: Manager
  readonly units: readonly Unit[]
}

/** `252.39` of "252.39-1~deb12u1". */
export function versionNumber(version: string): number | undefined {
  const [number] = /\d{3,}(?:\.\d+)?/.exec(version) ?? []
  return number === undefined ? undefined : Number(number)
}

/** Units and their states, by two short runs of `systemctl show` a scrape; where systemd does not run, nothing is started. */
export function createSystemd(source: Source, run: Systemctl = systemctl): Collector<Systemd> {
  return {
    name: 'systemd',
    async read(signal) {
      if (!existsSync(join(source.roots.root, 'run/systemd/system'))) {
        throw new UnavailableError('systemd does not run this machine')
      }
      const [manager, units] = await Promise.all([readManager(run, signal), readUnits(run, signal)])
      return { manager, units }
    },
    write({ manager, units }, out) {
      out.set(metrics.version, versionNumber(manager.version), manager.version)
      out.set(metrics.running, manager.state === 'running' ? 1 : 0)
      for (const state of states) out.set(metrics.units, units.filter(({ active }) => active === state).length, state)
      for (const unit of units) {
        if (unit.load !== 'loaded' || dull.test(unit.name)) continue
        for (const state of states) {
          out.set(metrics.unitState, unit.active === state ? 1 : 0, unit.name, state, unit.type)
        }
        out.set(metrics.restarts, unit.restarts, unit.name)
        out.set(metrics.accepted, unit.accepted, unit.name)
        out.set(metrics.connections, unit.connections, unit.name)
        out.set(metrics.refused, unit.refused, unit.name)
        out.set(metrics.lastTrigger, unit.lastTrigger, unit.name)
      }
    },
  }
}
