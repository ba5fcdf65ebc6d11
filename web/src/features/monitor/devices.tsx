import type { SystemMetrics } from '../../../../src/features/system/contract.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { diskColumns, filesystemColumns, networkColumns, temperatureColumns } from './device-columns.tsx'
import { DeviceGraphs } from './device-graphs.tsx'
import type { Drawn } from './drawn.ts'
import { diskBusyGraph, diskGraph, filesystemGraph, networkGraph, temperatureGraph } from './graph-specs.ts'

export interface DevicesProps {
  readonly system: SystemMetrics
  readonly drawn: Drawn
}

export function Disks(props: DevicesProps) {
  return (
    <>
      <DataTable
        caption="Every disk"
        captionHidden
        rows={props.system.disks}
        columns={diskColumns}
        rowKey={(row) => row.device}
        sorting={{ id: 'device', descending: false }}
      />
      <DeviceGraphs
        names={props.system.disks.map(({ device }) => device)}
        specs={(name) => [diskGraph(name), diskBusyGraph(name)]}
        drawn={props.drawn}
      />
    </>
  )
}

export function Filesystems(props: DevicesProps) {
  return (
    <>
      <DataTable
        caption="Every file system"
        captionHidden
        rows={props.system.filesystems}
        columns={filesystemColumns}
        rowKey={(row) => row.mountpoint}
        sorting={{ id: 'mountpoint', descending: false }}
      />
      <DeviceGraphs
        names={props.system.filesystems.map(({ mountpoint }) => mountpoint)}
        specs={(name) => [filesystemGraph(props.system, name)]}
        drawn={props.drawn}
      />
    </>
  )
}

export function Networks(props: DevicesProps) {
  return (
    <>
      <DataTable
        caption="Every network interface"
        captionHidden
        rows={props.system.network}
        columns={networkColumns}
        rowKey={(row) => row.device}
        sorting={{ id: 'device', descending: false }}
      />
      <DeviceGraphs
        names={props.system.network.map(({ device }) => device)}
        specs={(name) => [networkGraph(name)]}
        drawn={props.drawn}
      />
    </>
  )
}

export function Temperatures(props: DevicesProps) {
  return (
    <>
      <DataTable
        caption="Every sensor"
        captionHidden
        rows={props.system.temperatures}
        columns={temperatureColumns}
        rowKey={(row) => row.name}
        sorting={{ id: 'now', descending: true }}
      />
      <DeviceGraphs
        names={props.system.temperatures.map(({ name }) => name)}
        specs={(name) => [temperatureGraph(name, criticalOf(props.system, name))]}
        drawn={props.drawn}
      />
    </>
  )
}

const criticalOf = ({ temperatures }: SystemMetrics, name: string): number | undefined =>
  temperatures.find((sensor) => sensor.name === name)?.critical
