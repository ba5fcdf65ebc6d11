import type { SystemMetrics } from '../../../../src/features/system/contract.ts'
import { likely, most } from './pick.ts'
import type { Columns } from './timeline.ts'

const sum = (drawn: Columns, names: readonly string[]): number =>
  names.flatMap((name) => drawn.column(name)).reduce<number>((total, value) => total + (value ?? 0), 0)

/** The disk and the interface with the most traffic in the time shown; steadier than who leads right now. */
export function mainDevices(
  system: SystemMetrics,
  drawn: Columns,
): { readonly disk: string | undefined; readonly network: string | undefined } {
  const disk = most(system.disks, ({ device }) => sum(drawn, [`disk.${device}.read`, `disk.${device}.write`]))
  const network = most(
    system.network,
    (each) =>
      sum(drawn, [`network.${each.device}.receive`, `network.${each.device}.transmit`]) +
      likely(each) -
      (each.device === 'lo' ? 1e18 : 0),
  )
  return { disk: disk?.device, network: network?.device }
}
